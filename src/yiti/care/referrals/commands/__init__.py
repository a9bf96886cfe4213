"""The only writers of referrals. Every step goes through `handoffs.advance`."""

from yiti.care.referrals.commands.answering import accept, approve, redirect_up, undo_accept
from yiti.care.referrals.commands.printing import note_print
from yiti.care.referrals.commands.reacting import follow_discharge, settle
from yiti.care.referrals.commands.receiving import (
    close_down,
    follow_up,
    receive,
    redirect_down,
    rename_follower,
    undo_receive,
)
from yiti.care.referrals.commands.refusing import (
    cancel,
    decline,
    return_for_information,
    supply_down,
    supply_up,
)
from yiti.care.referrals.commands.sending import send_up
from yiti.care.referrals.commands.sending_down import send_down
from yiti.care.referrals.commands.travelling import arrive, depart, no_show, undo_arrive
from yiti.care.referrals.commands.treating import Admission, admit, close_up, send_outcome

__all__ = [
    "Admission",
    "accept",
    "admit",
    "approve",
    "arrive",
    "cancel",
    "close_down",
    "close_up",
    "decline",
    "depart",
    "follow_discharge",
    "follow_up",
    "no_show",
    "note_print",
    "receive",
    "redirect_down",
    "redirect_up",
    "rename_follower",
    "return_for_information",
    "send_down",
    "send_outcome",
    "send_up",
    "settle",
    "supply_down",
    "supply_up",
    "undo_accept",
    "undo_arrive",
    "undo_receive",
]
