"""The room's own second line in the time line: one wording for what a command and a loaded history say."""

from __future__ import annotations

from collections.abc import Iterable

from yiti.care.referrals.domain.approval import APPROVALS
from yiti.kernel.text import N_

_HELD, _NO_BED = N_("留 {bed} 床"), N_("不留床")
_REDIRECTED = N_("改派到 {place}")
_LIES = N_("{ward} {bed} 床")
_ELSEWHERE = N_("{reason}，建议转{place}")
_REWRITTEN = N_("已改：{parts}")
_FOLLOWER = N_("随访人 {name}")
_LISTS = (N_("{first}，{second}，{third}"), N_("{first}，{second}"))
WORDINGS = (_HELD, _REDIRECTED, _LIES, _ELSEWHERE, _REWRITTEN, _FOLLOWER, *APPROVALS, *_LISTS)
"""All that a remark may look like: one that is kept is heard as the first of these that fits."""


def held(bed: str) -> str:
    """Of an acceptance: `留 12 床`, or that no bed is held."""
    return _HELD.format(bed=bed) if bed else _NO_BED


def redirected(place: str) -> str:
    """Of a redirect: where to."""
    return _REDIRECTED.format(place=place)


def travels(transport: str, vehicle: str, escort: str) -> str:
    """Of a departure: how, in which vehicle, with whom."""
    return _listed((transport, vehicle, escort))


def lies_in(ward: str, bed: str) -> str:
    """Of an admission: the ward and the bed."""
    return _LIES.format(ward=ward, bed=bed)


def came_of_it(outcome: str, way: str) -> str:
    """Of an outcome: what it is, and how the person left."""
    return _listed((outcome, way))


def declined(reason: str, suggested: str) -> str:
    """Of a refusal: why, and where else to ask."""
    if not suggested:
        return reason
    return _ELSEWHERE.format(reason=reason, place=suggested)


def rewritten(parts: Iterable[str]) -> str:
    """Of what was supplied: the parts of the case that were written anew; "" for none."""
    words = "、".join(parts)
    return _REWRITTEN.format(parts=words) if words else ""


def follower(name: str) -> str:
    """Of a receipt: who follows up."""
    return _FOLLOWER.format(name=name) if name else ""


def _listed(words: Iterable[str]) -> str:
    return "，".join(filter(None, words))
