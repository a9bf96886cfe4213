"""The two kinds of referral as the engine knows them: words, looks, buttons, tabs, permissions."""

from __future__ import annotations

from yiti.care.referrals.domain import DOWN, DOWN_KIND, UP, UP_KIND, Down, Up
from yiti.care.referrals.selectors.hearing import hear
from yiti.care.referrals.selectors.places import bound_for
from yiti.kernel.text import N_
from yiti.kernel.workflow import Side
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.public import Look, StateFace, StepFace, Tab

SEND, ANSWER, APPROVE = "referrals.send", "referrals.answer", "referrals.approve"
TREAT, FOLLOW_UP = "referrals.treat", "referrals.follow_up"

_PERFORMER = frozenset({"performer_institution_id", "performer_department_id"})
_DESK = frozenset({"performer_department_id", "performer_staff_id"})
_FOLLOWER = frozenset({"follower_institution_id", "follower_staff_id"})


def _page(step: str) -> str:
    """The name of the page that takes a step; both kinds share those of the same name."""
    return f"referrals:{step}"


_SHARED = {
    "return": StepFace(N_("退回补充"), done=N_("退回，请补充"), url_name=_page("return")),
    "decline": StepFace(
        N_("谢绝并通知"),
        done=N_("已谢绝"),
        consequence=N_("谢绝后这张单子就结束，转出方要另找去处。"),
        url_name=_page("decline"),
    ),
    "supply": StepFace(N_("补充后重送"), done=N_("补充病情"), primary=True, url_name=_page("supply")),
    "close": StepFace(
        N_("关闭转诊"),
        done=N_("已关闭"),
        primary=True,
        consequence=N_("关闭后不能再改。"),
        url_name=_page("close"),
    ),
    "cancel": StepFace(
        N_("取消转诊"),
        done=N_("已取消"),
        consequence=N_("取消后对方会收到通知，留的床会放开。"),
        url_name=_page("cancel"),
    ),
    "die": StepFace(N_("登记死亡"), done=N_("患者已故")),
}

UP_REFERRAL = handoffs.HandoffKind(
    code=UP_KIND,
    label=N_("上转单"),
    prefix="ZZ",
    workflow=UP,
    direction=handoffs.Direction.UP,
    # the head hospital's own referral centre answers when the head hospital sends out of the county
    between_institutions=False,
    # the referral centre answers for the wards, from the door to the bed and at the end
    states={
        Up.SUBMITTED: StateFace(N_("待审批"), Look.WAIT, at_desk=True),
        Up.SENT: StateFace(N_("待接收"), Look.WAIT, at_desk=True),
        Up.RETURNED: StateFace(N_("待补充"), Look.WAIT, due=N_("补充后重送"), at_desk=True),
        Up.ACCEPTED: StateFace(N_("已接诊"), Look.GO, at_desk=True),
        Up.IN_TRANSIT: StateFace(N_("转运中"), Look.MOVING, due=N_("预计 {time} 到"), at_desk=True),
        Up.ARRIVED: StateFace(N_("已到院"), Look.GO, permission=TREAT),
        Up.IN_CARE: StateFace(N_("诊疗中"), Look.GO, permission=TREAT),
        Up.OUTCOME_SENT: StateFace(N_("待关闭"), Look.GO),
        Up.CLOSED: StateFace(N_("已关闭"), Look.DONE, at_desk=True),
        Up.DECLINED: StateFace(N_("已谢绝"), Look.LATE, at_desk=True),
        Up.CANCELLED: StateFace(N_("已取消"), Look.DRAFT, at_desk=True),
        Up.EXPIRED: StateFace(N_("已过期"), Look.DRAFT, at_desk=True),
        Up.NO_SHOW: StateFace(N_("未到"), Look.LATE, at_desk=True),
        Up.DIED: StateFace(N_("已故"), Look.DRAFT, at_desk=True),
    },
    steps={
        **_SHARED,
        "approve": StepFace(
            N_("同意转出"),
            done=N_("审批同意"),
            primary=True,
            permission=APPROVE,
            sets=_PERFORMER,
            url_name=_page("approve"),
        ),
        "accept": StepFace(N_("接收"), primary=True, sets=_DESK, url_name=_page("accept")),
        "redirect": StepFace(N_("改派别处"), done=N_("改派"), sets=_PERFORMER, url_name=_page("redirect")),
        "depart": StepFace(N_("登记发车"), done=N_("已发车"), primary=True, url_name=_page("depart")),
        "arrive": StepFace(N_("登记到院"), done=N_("已到院"), primary=True, url_name=_page("arrive")),
        "undo_accept": StepFace(N_("撤回接收"), url_name=_page("undo_accept")),
        "no_show": StepFace(
            N_("登记未到"),
            done=N_("未到院"),
            consequence=N_("登记后这张单子就结束，留的床会放开。"),
            url_name=_page("no_show"),
        ),
        "admit": StepFace(
            N_("收治入院"), done=N_("已入院"), primary=True, permission=TREAT, url_name=_page("admit")
        ),
        "undo_arrive": StepFace(N_("撤回到院"), url_name=_page("undo_arrive")),
        "undo_walk_in": StepFace(N_("撤回到院"), url_name=_page("undo_arrive")),
        "send_outcome": StepFace(
            N_("办出院并回传"),
            done=N_("出院回传"),
            primary=True,
            consequence=N_("送出后转出方就能看到结果，住院随之结束。"),
            permission=TREAT,
            url_name=_page("send_outcome"),
        ),
        "expire": StepFace(N_("过期"), done=N_("超过转诊时限，已过期")),
    },
    permissions={Side.REQUESTER: SEND, Side.PERFORMER: ANSWER, Side.SYSTEM: "system"},
    tabs=(
        Tab("answer", N_("待接收"), frozenset({Up.SUBMITTED, Up.SENT})),
        Tab("moving", N_("转运中"), frozenset({Up.ACCEPTED, Up.IN_TRANSIT, Up.ARRIVED})),
        Tab("in", N_("在院"), frozenset({Up.IN_CARE})),
        Tab("closing", N_("待下转/待关闭"), frozenset({Up.OUTCOME_SENT})),
        Tab("supply", N_("待补充"), frozenset({Up.RETURNED})),
    ),
    on_death="die",
    opened=N_("送出上转单"),
    hear=hear,
    bound_for=bound_for,
    approval=frozenset({Up.SUBMITTED}),
)

DOWN_REFERRAL = handoffs.HandoffKind(
    code=DOWN_KIND,
    label=N_("下转单"),
    prefix="XZ",
    workflow=DOWN,
    direction=handoffs.Direction.DOWN,
    states={
        Down.SENT: StateFace(N_("待接收"), Look.WAIT, at_desk=True),
        Down.RETURNED: StateFace(N_("待补充"), Look.WAIT, due=N_("补充后重送")),
        Down.RECEIVED: StateFace(N_("待首次随访"), Look.GO, due=N_("{time} 前随访")),
        Down.FOLLOWED_UP: StateFace(N_("已随访"), Look.GO),
        Down.CLOSED: StateFace(N_("已关闭"), Look.DONE),
        Down.DECLINED: StateFace(N_("已谢绝"), Look.LATE),
        Down.CANCELLED: StateFace(N_("已取消"), Look.DRAFT),
        Down.DIED: StateFace(N_("已故"), Look.DRAFT),
    },
    steps={
        **_SHARED,
        "receive": StepFace(
            N_("接收并指定随访人"), done=N_("接收"), primary=True, sets=_FOLLOWER, url_name=_page("receive")
        ),
        "redirect": StepFace(
            N_("改派别处"), done=N_("改派"), sets=_PERFORMER | _FOLLOWER, url_name=_page("redirect")
        ),
        "undo_receive": StepFace(N_("撤回接收"), url_name=_page("undo_receive")),
        "rename_follower": StepFace(N_("换随访人"), sets=_FOLLOWER, url_name=_page("rename_follower")),
        "follow_up": StepFace(
            N_("登记首次随访"),
            done=N_("首次随访完成"),
            primary=True,
            permission=FOLLOW_UP,
            url_name=_page("follow_up"),
        ),
    },
    permissions={
        Side.REQUESTER: SEND,
        Side.PERFORMER: ANSWER,
        Side.FOLLOWER: FOLLOW_UP,
        Side.SYSTEM: "system",
    },
    tabs=(
        Tab("answer", N_("待接收"), frozenset({Down.SENT})),
        Tab("supply", N_("待补充"), frozenset({Down.RETURNED})),
        Tab("follow", N_("待首次随访"), frozenset({Down.RECEIVED, Down.FOLLOWED_UP})),
    ),
    on_death="die",
    opened=N_("送出下转单"),
    hear=hear,
)


def register_kinds() -> None:
    """Make both kinds known to the engine; called once, from `AppConfig.ready`."""
    handoffs.register(UP_REFERRAL)
    handoffs.register(DOWN_REFERRAL)
