"""The room's own second line in the time line: one wording for what a command and a loaded history say."""

from __future__ import annotations

from collections.abc import Iterable

from yiti.kernel.text import N_


def held(bed: str) -> str:
    """Of an acceptance: `留 12 床`, or that no bed is held."""
    return N_("留 {bed} 床").format(bed=bed) if bed else N_("不留床")


def redirected(place: str) -> str:
    """Of a redirect: where to."""
    return N_("改派到 {place}").format(place=place)


def travels(transport: str, vehicle: str, escort: str) -> str:
    """Of a departure: how, in which vehicle, with whom."""
    return _listed((transport, vehicle, escort))


def lies_in(ward: str, bed: str) -> str:
    """Of an admission: the ward and the bed."""
    return N_("{ward} {bed} 床").format(ward=ward, bed=bed)


def came_of_it(outcome: str, way: str) -> str:
    """Of an outcome: what it is, and how the person left."""
    return _listed((outcome, way))


def declined(reason: str, suggested: str) -> str:
    """Of a refusal: why, and where else to ask."""
    if not suggested:
        return reason
    return N_("{reason}，建议转{place}").format(reason=reason, place=suggested)


def rewritten(parts: Iterable[str]) -> str:
    """Of what was supplied: the parts of the case that were written anew; "" for none."""
    words = "、".join(parts)
    return N_("已改：{parts}").format(parts=words) if words else ""


def follower(name: str) -> str:
    """Of a receipt: who follows up."""
    return N_("随访人 {name}").format(name=name) if name else ""


def _listed(words: Iterable[str]) -> str:
    return "，".join(filter(None, words))
