"""The words of the dialogs over a record, in one place so that they sound alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from yiti.kernel.text import N_


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialog asks, what follows, what its button does, what is said when it is done.

    `is_final` for what cannot be undone: it is asked in red, with the focus on the way back.
    """

    title: str
    says: str
    act: str
    done: str
    icon: str
    is_final: bool = False


MOVE = Question(
    title=N_("改住址"),
    says=N_("换了村，新村的卫生站和卫生院能看这份档案，原来只因为辖区能看的就不再能看。"),
    act=N_("保存住址"),
    done=N_("住址已改"),
    icon="map-pin",
)
DEATH = Question(
    title=N_("登记死亡？"),
    says=N_("登记后不能撤回，卡片上显示已故，进行中的转诊和随访会停下。"),
    act=N_("登记死亡"),
    done=N_("已登记死亡"),
    icon="alert-triangle",
    is_final=True,
)
ALLERGY = Question(
    title=N_("记过敏"),
    says=N_("所有给他看病的人都会看到。"),
    act=N_("记下"),
    done=N_("过敏已记下"),
    icon="alert-triangle",
)
CORRECTION = Question(
    title=N_("更正过敏"),
    says=N_("更正以后，原来那条仍留在记录里。"),
    act=N_("更正"),
    done=N_("过敏已更正"),
    icon="alert-triangle",
)
REFUTATION = Question(
    title=N_("不算过敏？"),
    says=N_("这条过敏不再提示，原来那条仍留在记录里。"),
    act=N_("撤销这条过敏"),
    done=N_("过敏已撤销"),
    icon="alert-triangle",
    is_final=True,
)
RISK = Question(
    title=N_("标风险"),
    says=N_("同一种风险重新标，旧的就到新的开始那天为止。"),
    act=N_("标上"),
    done=N_("风险已标上"),
    icon="activity-heartbeat",
)
END_OF_RISK = Question(
    title=N_("结束风险"),
    says=N_("从这天起不再提示。"),
    act=N_("结束这个风险"),
    done=N_("风险已结束"),
    icon="activity-heartbeat",
)
DOCUMENT = Question(
    title=N_("添加证件"),
    says=N_("身份证号会校验，不能和别人重复。"),
    act=N_("添加证件"),
    done=N_("证件已添加"),
    icon="id",
)
END_OF_DOCUMENT = Question(
    title=N_("停用这个证件？"),
    says=N_("停用后按这个号码查不到这个人，号码可以登记给别人。不能撤回，要用就重新添加。"),
    act=N_("停用证件"),
    done=N_("证件已停用"),
    icon="id",
    is_final=True,
)
HOUSEHOLD = Question(
    title=N_("加入一户"),
    says=N_("原来在别户的，会从那一户移出。"),
    act=N_("保存家庭"),
    done=N_("家庭成员已改"),
    icon="home",
)
MERGE = Question(
    title=N_("合并到另一份档案？"),
    says=N_("两份档案以后当一个人看，能看其中一份的机构两份都能看。发现合错了可以撤销。"),
    act=N_("合并这两份"),
    done=N_("两份档案已合并"),
    icon="users",
    is_final=True,
)
UNMERGE = Question(
    title=N_("撤销合并？"),
    says=N_("又成为两个人，各看各的，以后不再提示是同一人。"),
    act=N_("分成两份"),
    done=N_("已分成两份档案"),
    icon="users",
    is_final=True,
)
PAIR_MERGE = replace(MERGE, title=N_("合并这两份档案？"))
DIFFERENT = Question(
    title=N_("不是同一人？"),
    says=N_("以后不再提示这两份。判定错了可以在“不是同一人”里撤回。"),
    act=N_("判定不是同一人"),
    done=N_("已判定不是同一人"),
    icon="ban",
)
REOPEN = Question(
    title=N_("撤回判定？"),
    says=N_("这两份回到待核对。"),
    act=N_("撤回判定"),
    done=N_("已回到待核对"),
    icon="arrow-back-up",
)
