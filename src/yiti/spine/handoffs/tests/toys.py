"""Two small kinds of handoff for tests: an errand that one institution asks of another, and a draft."""

from __future__ import annotations

from yiti.kernel.workflow import Side, Waiting, rule, step, workflow
from yiti.spine.handoffs.domain import Direction, HandoffKind, Look, StateFace, StepFace, Tab, register, stay

ASK, ANSWER, FOLLOW, SEE = "toy.ask", "toy.answer", "toy.follow", "handoffs.read"
_OPEN = frozenset({"sent", "returned", "accepted", "in_care", "reported"})

ERRAND = HandoffKind(
    code="toy.errand",
    label="差事",
    prefix="TE",
    direction=Direction.UP,
    workflow=workflow(
        "sent",
        step("accept", {"sent"}, "accepted", by=Side.PERFORMER, needs=("bed_id",)),
        step("return", {"sent"}, "returned", by=Side.PERFORMER, needs=("comment",)),
        step("redirect", {"sent"}, "sent", by=Side.PERFORMER, needs=("performer_institution_id",)),
        step("decline", {"sent"}, "declined", by=Side.PERFORMER, needs=("reason_code",)),
        step("undo_decline", {"declined"}, "sent", by=Side.PERFORMER, undoes="decline"),
        step("supply", {"returned"}, "sent", by=Side.REQUESTER, needs=("comment",)),
        step("undo_accept", {"accepted"}, "sent", by=Side.PERFORMER, undoes="accept"),
        step("arrive", {"accepted"}, "in_care", by=Side.PERFORMER),
        step("report", {"in_care"}, "reported", by=Side.PERFORMER),
        step("close", {"reported"}, "closed", by={Side.FOLLOWER, Side.REQUESTER}),
        step("withdraw", {"sent", "returned", "accepted"}, "withdrawn", by=Side.REQUESTER),
        *stay("take", {"sent", "accepted", "in_care"}, by=Side.PERFORMER),
        *stay("assign", {"accepted", "in_care"}, by=Side.PERFORMER, needs=("performer_department_id",)),
        *stay("add", {"sent"}, by=Side.REQUESTER, needs=("comment",)),
        step("expire", {"sent"}, "expired", by=Side.SYSTEM, after=rule("referral.validity")),
        step("die", _OPEN, "died", by=Side.SYSTEM),
        waits={
            "sent": Waiting(Side.PERFORMER, rule("referral.answer_limit")),
            "returned": Waiting(Side.REQUESTER, rule("referral.supply_limit")),
            "accepted": Waiting(Side.PERFORMER),
            "in_care": Waiting(Side.PERFORMER),
            "reported": Waiting(Side.FOLLOWER, rule("referral.first_follow_up_limit")),
        },
    ),
    states={
        "sent": StateFace("待接收", Look.WAIT, at_desk=True),
        "returned": StateFace("待补充", Look.WAIT, due="补充后重送"),
        "accepted": StateFace("已接诊", Look.GO, due="等病人来"),
        "in_care": StateFace("诊疗中", Look.GO),
        "reported": StateFace("待首次随访", Look.GO),
        "closed": StateFace("已关闭", Look.DONE),
        "declined": StateFace("已谢绝", Look.LATE),
        "withdrawn": StateFace("已取消", Look.DRAFT),
        "expired": StateFace("已过期", Look.DRAFT),
        "died": StateFace("已故", Look.DRAFT),
    },
    steps={
        "accept": StepFace("接收", primary=True, url_name="toy:accept"),
        "return": StepFace("退回补充", done="退回，请补充"),
        "redirect": StepFace(
            "转给别处", sets=frozenset({"performer_institution_id", "performer_department_id"})
        ),
        "decline": StepFace("谢绝并通知", done="已谢绝", consequence="谢绝后转出方另找去处"),
        "undo_decline": StepFace("撤回谢绝"),
        "supply": StepFace("补充后重送", primary=True),
        "undo_accept": StepFace("撤回接收"),
        "arrive": StepFace("登记到院", primary=True),
        "report": StepFace(
            "回传结果", primary=True, sets=frozenset({"follower_institution_id", "follower_staff_id"})
        ),
        "close": StepFace("关闭", primary=True),
        "withdraw": StepFace("撤回", consequence="对方会收到通知"),
        "take": StepFace("我来办", done="认领", sets=frozenset({"performer_staff_id"})),
        "assign": StepFace("改派科室", sets=frozenset({"performer_department_id"})),
        "add": StepFace("补充病情"),
        "expire": StepFace("过期"),
        "die": StepFace("患者已故"),
    },
    permissions={Side.REQUESTER: ASK, Side.PERFORMER: ANSWER, Side.FOLLOWER: FOLLOW, Side.SYSTEM: "system"},
    tabs=(
        Tab("answer", "待接收", frozenset({"sent"})),
        Tab("in", "在院", frozenset({"accepted", "in_care"})),
        Tab("supply", "待补充", frozenset({"returned"})),
        Tab("follow", "待首次随访", frozenset({"reported"})),
    ),
    opened="送出",
    on_death="die",
)

DRAFTED = HandoffKind(
    code="toy.drafted",
    label="申请",
    prefix="TD",
    workflow=workflow(
        "draft",
        step("send", {"draft"}, "sent", by=Side.REQUESTER),
        step("unsend", {"sent"}, "draft", by=Side.REQUESTER, undoes="send"),
        step("finish", {"sent"}, "done", by={Side.REQUESTER, Side.PERFORMER}),
        waits={"draft": Waiting(Side.REQUESTER), "sent": Waiting(Side.PERFORMER)},
    ),
    states={
        "draft": StateFace("草稿", Look.DRAFT),
        "sent": StateFace("待接收", Look.WAIT),
        "done": StateFace("已完成", Look.DONE),
    },
    steps={"send": StepFace("送出", primary=True), "unsend": StepFace("撤回"), "finish": StepFace("办完")},
    permissions={Side.REQUESTER: ASK, Side.PERFORMER: ANSWER},
    tabs=(Tab("draft", "草稿", frozenset({"draft"})), Tab("answer", "待接收", frozenset({"sent"}))),
    private=frozenset({"draft"}),
    between_institutions=False,
)

register(ERRAND)
register(DRAFTED)
