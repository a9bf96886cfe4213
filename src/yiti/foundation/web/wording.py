"""Words that are the same on every screen: levels, directions, statuses and their colours, time left."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiti.kernel import display
from yiti.kernel.text import N_, Phrase, Term

LEVELS = {"village": N_("村"), "township": N_("镇"), "county": N_("县"), "city": N_("市")}

# symbol and word of a way a patient goes
DIRECTIONS = {
    "up": ("arrow-up-right", N_("上")),
    "down": ("arrow-down-left", N_("下")),
    "across": ("arrow-right", N_("平")),
    "out": ("external-link", N_("外")),
}

# The words of a status are fixed, and so is the colour of each (screens.md section 2).
STATUS_TONES = {
    "wait": (N_("待接收"), N_("待审批"), N_("待补充"), N_("将到期"), N_("控制不满意")),
    "go": (N_("已接诊"), N_("诊疗中"), N_("待随访"), N_("进行中"), N_("长期")),
    "moving": (N_("转运中"),),
    "done": (N_("已完成"), N_("已关闭"), N_("控制满意")),
    "late": (N_("已退回"), N_("已谢绝"), N_("未到"), N_("超时")),
    "draft": (N_("草稿"), N_("已取消"), N_("已过期"), N_("已故")),
}
_TONE_BY_WORD = {word: tone for tone, words in STATUS_TONES.items() for word in words}
_SECONDS_PER_MINUTE = 60


def tone_of(word: str) -> str:
    """The colour of a status word; `draft` (grey) for a word the design does not know."""
    return _TONE_BY_WORD.get(word, "draft")


def said(text: str) -> str:
    """A marked word, a term or a phrase in the reader's language; what nobody marked stays as it is."""
    return text.said(_word) if isinstance(text, Phrase) else _word(text)


def _word(text: str) -> str:
    if isinstance(text, Term):
        return text if (get_language() or "").startswith("zh") else text.en
    return _(text) if text else ""


def remaining(due: datetime, at: datetime) -> str:
    """`剩 1 时 52 分` until `due`, `超时 26 分` after it. Both are aware."""
    left = minutes_between(at, due)
    length = display.duration_text(abs(left))
    return said(Phrase(N_("剩 {length}") if left >= 0 else N_("超时 {length}"), length=length))


def waited(since: datetime, at: datetime) -> str:
    """`已等 38 分`; a moment still to come counts as no wait at all."""
    return said(Phrase(N_("已等 {length}"), length=display.duration_text(max(0, minutes_between(since, at)))))


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes from `start` to `end`; what has begun to be late is late by at least 1 minute."""
    seconds = (end - start).total_seconds()
    whole, rest = divmod(abs(seconds), _SECONDS_PER_MINUTE)
    return int(whole) if seconds >= 0 else -int(whole + (rest > 0))
