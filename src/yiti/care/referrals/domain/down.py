"""The way down: from discharge with a plan to the first follow-up at home, which closes the loop.

Sources: WS/T 529-2016 (出院信息回传, 随访计划); 转诊单 in use (回转意见); discharge way CV06.00.226, codes
2 and 3.
"""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.workflow import Side, Waiting, rule, step, workflow


class Down(StrEnum):
    """States of a down-referral. The first four wait for somebody, the others are final."""

    SENT = "sent"  # 待接收
    RETURNED = "returned"  # 待补充
    RECEIVED = "received"  # 待首次随访
    FOLLOWED_UP = "followed_up"  # 已随访
    CLOSED = "closed"  # 已关闭
    DECLINED = "declined"  # 已谢绝
    CANCELLED = "cancelled"  # 已取消
    DIED = "died"  # 已故


_OPEN = {Down.SENT, Down.RETURNED, Down.RECEIVED, Down.FOLLOWED_UP}

DOWN = workflow(
    Down.SENT,
    step("receive", {Down.SENT}, Down.RECEIVED, by=Side.PERFORMER, needs=("follower_staff_id",)),
    step("return", {Down.SENT}, Down.RETURNED, by=Side.PERFORMER, needs=("reason_code",)),
    step("redirect", {Down.SENT}, Down.SENT, by=Side.PERFORMER, needs=("performer_institution_id",)),
    step("decline", {Down.SENT}, Down.DECLINED, by=Side.PERFORMER, needs=("reason_code",)),
    step("supply", {Down.RETURNED}, Down.SENT, by=Side.REQUESTER, needs=("comment",)),
    step("undo_receive", {Down.RECEIVED}, Down.SENT, by=Side.PERFORMER, undoes="receive"),
    step("rename_follower", {Down.RECEIVED}, Down.RECEIVED, by=Side.PERFORMER, needs=("follower_staff_id",)),
    step(
        "follow_up",
        {Down.RECEIVED},
        Down.FOLLOWED_UP,
        by={Side.FOLLOWER, Side.PERFORMER},
        needs=("visit_id",),
    ),
    step("close", {Down.FOLLOWED_UP}, Down.CLOSED, by={Side.PERFORMER, Side.FOLLOWER, Side.SYSTEM}),
    step("cancel", {Down.SENT, Down.RETURNED}, Down.CANCELLED, by=Side.REQUESTER, needs=("reason_code",)),
    step("die", _OPEN, Down.DIED, by=Side.SYSTEM),
    waits={
        Down.SENT: Waiting(Side.PERFORMER, rule("referral.down_answer_limit")),
        Down.RETURNED: Waiting(Side.REQUESTER, rule("referral.supply_limit")),
        Down.RECEIVED: Waiting(Side.FOLLOWER, rule("referral.first_follow_up_limit")),
        Down.FOLLOWED_UP: Waiting(Side.PERFORMER, rule("referral.closing_limit")),
    },
)
