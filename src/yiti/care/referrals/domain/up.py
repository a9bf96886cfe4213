"""The way up: from the sender's form to the outcome that comes back to him.

Sources: WS/T 529-2016 (remote two-way referral: 申请, 接诊, 拒绝, 取消送转, 出院信息回传); NHS e-RS and IHE
360X for return-for-information, redirect and no-show. Order of rows is order of buttons.

Where the rules ask for approval (decision 30) it starts in `submitted` with the county's referral centre
as performer, and approval hands it on to the target; else it starts in `sent`. A referral out of the
county stays with the centre: it acts for the hospital outside, which has no desk here.

Arrival is taken back to where it came from, so its way back has two rows. The system sends an outcome
when the ward discharges without saying so in the referral (出院信息自动回传), and closes when the way
down is closed.
"""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.workflow import Side, Waiting, rule, step, workflow


class Up(StrEnum):
    """States of an up-referral. The first eight wait for somebody, the others are final."""

    SUBMITTED = "submitted"  # 待审批
    SENT = "sent"  # 待接收
    RETURNED = "returned"  # 待补充
    ACCEPTED = "accepted"  # 已接诊
    IN_TRANSIT = "in_transit"  # 转运中
    ARRIVED = "arrived"  # 已到院
    IN_CARE = "in_care"  # 诊疗中
    OUTCOME_SENT = "outcome_sent"  # 待关闭
    CLOSED = "closed"  # 已关闭
    DECLINED = "declined"  # 已谢绝
    CANCELLED = "cancelled"  # 已取消
    EXPIRED = "expired"  # 已过期
    NO_SHOW = "no_show"  # 未到
    DIED = "died"  # 已故


_ON_THE_WAY = {Up.ACCEPTED, Up.IN_TRANSIT}
_UNANSWERED = {Up.SUBMITTED, Up.SENT, Up.RETURNED}
_OPEN = {*_UNANSWERED, *_ON_THE_WAY, Up.ARRIVED, Up.IN_CARE, Up.OUTCOME_SENT}

UP = workflow(
    Up.SUBMITTED,
    step("approve", {Up.SUBMITTED}, Up.SENT, by=Side.PERFORMER),
    step("accept", {Up.SENT}, Up.ACCEPTED, by=Side.PERFORMER),
    step("return", {Up.SENT}, Up.RETURNED, by=Side.PERFORMER, needs=("reason_code",)),
    step("redirect", {Up.SENT}, Up.SENT, by=Side.PERFORMER, needs=("performer_institution_id",)),
    step("decline", {Up.SUBMITTED, Up.SENT}, Up.DECLINED, by=Side.PERFORMER, needs=("reason_code",)),
    step("supply", {Up.RETURNED}, Up.SENT, by=Side.REQUESTER, needs=("comment",)),
    step("depart", {Up.ACCEPTED}, Up.IN_TRANSIT, by=Side.REQUESTER, needs=("transport_code",)),
    step("arrive", _ON_THE_WAY, Up.ARRIVED, by=Side.PERFORMER),
    step("undo_accept", {Up.ACCEPTED}, Up.SENT, by=Side.PERFORMER, undoes="accept"),
    step("no_show", _ON_THE_WAY, Up.NO_SHOW, by=Side.PERFORMER),
    step("admit", {Up.ARRIVED}, Up.IN_CARE, by=Side.PERFORMER, needs=("bed_id",)),
    step("undo_arrive", {Up.ARRIVED}, Up.IN_TRANSIT, by=Side.PERFORMER, undoes="arrive"),
    step("undo_walk_in", {Up.ARRIVED}, Up.ACCEPTED, by=Side.PERFORMER, undoes="arrive"),
    step(
        "send_outcome",
        {Up.ARRIVED, Up.IN_CARE},
        Up.OUTCOME_SENT,
        by={Side.PERFORMER, Side.SYSTEM},
        needs=("outcome_code",),
    ),
    step("close", {Up.OUTCOME_SENT}, Up.CLOSED, by={Side.REQUESTER, Side.SYSTEM}),
    step("cancel", {*_UNANSWERED, *_ON_THE_WAY}, Up.CANCELLED, by=Side.REQUESTER, needs=("reason_code",)),
    step("expire", {Up.SENT, Up.RETURNED}, Up.EXPIRED, by=Side.SYSTEM, after=rule("referral.validity")),
    step("die", _OPEN, Up.DIED, by=Side.SYSTEM),
    entries=(Up.SENT,),
    waits={
        Up.SUBMITTED: Waiting(Side.PERFORMER, rule("referral.approval_limit")),
        Up.SENT: Waiting(Side.PERFORMER, rule("referral.answer_limit")),
        Up.RETURNED: Waiting(Side.REQUESTER, rule("referral.supply_limit")),
        Up.ACCEPTED: Waiting(Side.REQUESTER, rule("referral.departure_limit")),
        Up.IN_TRANSIT: Waiting(Side.PERFORMER, rule("referral.arrival_limit")),
        Up.ARRIVED: Waiting(Side.PERFORMER, rule("referral.admission_limit")),
        Up.IN_CARE: Waiting(Side.PERFORMER),
        Up.OUTCOME_SENT: Waiting(Side.REQUESTER, rule("referral.closing_limit")),
    },
)
