"""Routes of referrals: writing one, reading it, and its steps, each in a state that knows the step."""

from __future__ import annotations

from functools import partial

from tests import world as cast
from tests.routes.table import BOTH, POST, Reach, Row

READ, SEND, ANSWER = "referrals.read", "referrals.send", "referrals.answer"
TREAT = "referrals.treat"


def step(name: str, state: str, permission: str, right: str) -> Row:
    """The page of a step."""
    return Row(
        f"referrals:{name}",
        permission,
        Reach.OWN,
        BOTH,
        right,
        ids={"handoff_id": f"cases.{state}.id"},
        whose=f"cases.{state}.person_id",
    )


of_one = partial(
    Row,
    reach=Reach.OWN,
    ids={"handoff_id": "cases.sent.id"},
    whose="cases.sent.person_id",
)
a_message = {"message_id": "fresh_id", "text": "请带上病历"}

BOARD = "referrals.board"

ROWS = (
    Row("referrals:board", BOARD, right=cast.OFFICE),
    Row("referrals:export_board", BOARD, right=cast.OFFICE),
    Row("referrals:rows", BOARD, right=cast.OFFICE),
    Row("referrals:export_rows", BOARD, right=cast.OFFICE),
    Row("referrals:begin", SEND),
    Row("referrals:new", SEND, Reach.OWN, BOTH, query={"person": "person_id"}, whose="person_id"),
    Row("referrals:targets", SEND, Reach.CARD, query={"person": "stranger_id"}, whose="stranger_id"),
    Row("referrals:followers", SEND, Reach.CARD, query={"person": "stranger_id"}, whose="stranger_id"),
    Row("referrals:start", SEND, Reach.OWN, whose="person_id"),
    of_one("referrals:detail", READ),
    of_one("referrals:preview", READ),
    of_one("referrals:print", READ, methods=BOTH, acts_at_once=True),
    of_one("referrals:say", READ, methods=POST, data=a_message),
    of_one("referrals:again", SEND, methods=BOTH),
    step("approve", "submitted", "referrals.approve", cast.CENTRE_HEAD),
    step("accept", "sent", ANSWER, cast.REFERRAL_NURSE),
    step("return", "sent", ANSWER, cast.REFERRAL_NURSE),
    step("redirect", "sent", ANSWER, cast.REFERRAL_NURSE),
    step("decline", "sent", ANSWER, cast.REFERRAL_NURSE),
    step("cancel", "sent", SEND, cast.VILLAGE_DOCTOR),
    step("supply", "returned", SEND, cast.VILLAGE_DOCTOR),
    step("undo_accept", "accepted", ANSWER, cast.REFERRAL_NURSE),
    step("depart", "accepted", SEND, cast.VILLAGE_DOCTOR),
    step("arrive", "accepted", ANSWER, cast.REFERRAL_NURSE),
    step("no_show", "accepted", ANSWER, cast.REFERRAL_NURSE),
    step("undo_arrive", "arrived", ANSWER, cast.REFERRAL_NURSE),
    step("admit", "arrived", TREAT, cast.WARD_DOCTOR),
    step("send_outcome", "in_care", TREAT, cast.WARD_DOCTOR),
    step("close", "outcome_sent", READ, cast.VILLAGE_DOCTOR),
    step("receive", "going_home", ANSWER, cast.TOWNSHIP_DOCTOR),
    step("undo_receive", "home", ANSWER, cast.TOWNSHIP_DOCTOR),
    step("rename_follower", "home", ANSWER, cast.TOWNSHIP_DOCTOR),
    step("follow_up", "home", "referrals.follow_up", cast.VILLAGE_DOCTOR),
)
