"""Reads of referrals: frozen rows, in a stated order, inside the actor's scope."""

from yiti.care.referrals.selectors.behind import BehindAsked, BehindPage, ReferralLine, behind
from yiti.care.referrals.selectors.board import Board, board
from yiti.care.referrals.selectors.details import down_detail, up_detail
from yiti.care.referrals.selectors.people import copy_of, follower_choices, open_referrals
from yiti.care.referrals.selectors.printing import Paper, paper
from yiti.care.referrals.selectors.targets import targets
from yiti.care.referrals.selectors.thread import thread_rows
from yiti.care.referrals.selectors.waiting import Waiting, WaitingLine

__all__ = [
    "BehindAsked",
    "BehindPage",
    "Board",
    "Paper",
    "ReferralLine",
    "Waiting",
    "WaitingLine",
    "behind",
    "board",
    "copy_of",
    "down_detail",
    "follower_choices",
    "open_referrals",
    "paper",
    "targets",
    "thread_rows",
    "up_detail",
]
