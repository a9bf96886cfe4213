"""What stands behind the figures of the board: which referrals each of them counts."""

from __future__ import annotations

from enum import StrEnum

from yiti.kernel.text import N_


class Behind(StrEnum):
    """A figure, or a part of one, whose referrals can be listed."""

    UP = "up"
    DOWN = "down"
    SENDER = "sender"
    CLOSED = "closed"
    BESIDE = "beside"
    RECEIVER = "receiver"
    ANSWERED = "answered"
    URGENT = "urgent"
    LATE = "late"
    SENT_UP = "sent-up"
    GOT_DOWN = "got-down"
    OPEN = "open"
    PRESSED = "pressed"

    @property
    def zh(self) -> str:
        """The words in the list's filter."""
        return _WORDS[self]

    @property
    def of_a_month(self) -> bool:
        """Whether it counts what was sent in a month; else what stands open now, whenever it was sent."""
        return self not in (Behind.OPEN, Behind.PRESSED)

    @property
    def has_reasons(self) -> bool:
        """Whether it can be narrowed to one reason: only those sent up have one."""
        return self in (Behind.UP, Behind.SENT_UP)


_WORDS = {
    Behind.UP: N_("上转"),
    Behind.DOWN: N_("下转"),
    Behind.SENDER: N_("发出方应闭环"),
    Behind.CLOSED: N_("发出方已闭环"),
    Behind.BESIDE: N_("撤回、谢绝、过期、已故"),
    Behind.RECEIVER: N_("接收方已到院"),
    Behind.ANSWERED: N_("接收方已回传结果"),
    Behind.URGENT: N_("急转"),
    Behind.LATE: N_("急转接收超时"),
    Behind.SENT_UP: N_("成员单位送出的上转"),
    Behind.GOT_DOWN: N_("成员单位接到的下转"),
    Behind.OPEN: N_("现在未结"),
    Behind.PRESSED: N_("现在超时和将到期"),
}
