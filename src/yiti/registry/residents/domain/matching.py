"""Is the person at the desk somebody we already know? A score with its reasons.

Points are added for what agrees and taken away for what contradicts; what is unknown on either side
counts nothing. Weights and limits are rule data (`rulebook/residents/matching.yaml`). Candidates are
compared by their search keys only, so a person whose record is closed to the desk can be recognised
without opening it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from yiti.kernel.identity import Sex
from yiti.kernel.text import N_
from yiti.registry.residents.domain.codes import Enrolment, KeyKind
from yiti.registry.residents.domain.people import PersonSpec

MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """Points and limits, from rule `residents.matching.*`. Points against are positive here too."""

    name_same: int
    name_sound: int
    name_close: int
    name_other: int
    birth_same: int
    birth_slip: int
    birth_year: int
    birth_other: int
    sex_other: int
    phone_same: int
    phone_tail: int
    village_same: int
    number_slip: int
    number_other: int
    show_from: int
    strong_from: int


@dataclass(frozen=True, slots=True)
class MatchFacts:
    """What two people are compared by. Empty sets, "" and None are unknown.

    `birth` is YYYYMMDD; `numbers` and `phones` are digests, the tails their last four characters.
    """

    name: str
    sounds: frozenset[str] = frozenset()
    birth: str = ""
    birth_year: int | None = None
    sex: Sex = Sex.UNKNOWN
    numbers: frozenset[str] = frozenset()
    number_tails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    phone_tails: frozenset[str] = frozenset()
    village_id: UUID | None = None

    @classmethod
    def of_keys(
        cls, keys: Iterable[tuple[str, str]], *, birth_year: int | None, sex: Sex, village_id: UUID | None
    ) -> MatchFacts:
        """The facts that the keys of one card tell."""
        by_kind: dict[str, set[str]] = {}
        for kind, value in keys:
            by_kind.setdefault(kind, set()).add(value)

        def those(kind: KeyKind) -> frozenset[str]:
            return frozenset(by_kind.get(kind, ()))

        return cls(
            name=next(iter(those(KeyKind.NAME)), ""),
            sounds=those(KeyKind.PINYIN),
            birth=next(iter(those(KeyKind.BIRTH)), ""),
            birth_year=birth_year,
            sex=sex,
            numbers=those(KeyKind.ID),
            number_tails=those(KeyKind.ID_TAIL),
            phones=those(KeyKind.PHONE),
            phone_tails=those(KeyKind.PHONE_TAIL),
            village_id=village_id,
        )


@dataclass(frozen=True, slots=True)
class MatchScore:
    """0 to 100, and what it is made of, in the words of the desk."""

    score: int
    reasons: tuple[str, ...] = field(default=())


REPEATED = MatchScore(MOST_POINTS - 1, (N_("你刚登记过同样的人"),))
REPEATED_WITHIN = timedelta(hours=1)


def repeated_columns(spec: PersonSpec) -> dict[str, Any]:
    """The columns by which a registration is known as one sent twice. Of the nameless, who may come several
    at once, every word must be the same."""
    columns = spec.profile.columns
    if spec.enrolment is Enrolment.UNKNOWN:
        return columns
    return {name: columns[name] for name in ("name", "sex", "birth_date", "birth_precision")}


def compute_match(new: MatchFacts, known: MatchFacts, policy: MatchPolicy) -> MatchScore:
    """How likely the two are one person. The same document number decides alone."""
    if new.numbers & known.numbers:
        return MatchScore(MOST_POINTS, (N_("证件号相同"),))
    parts = [
        *_name(new, known, policy),
        *_birth(new, known, policy),
        *_sex(new, known, policy),
        *_phone(new, known, policy),
        *_village(new, known, policy),
        *_number(new, known, policy),
    ]
    total = sum(points for points, _ in parts)
    return MatchScore(max(0, min(MOST_POINTS - 1, total)), tuple(reason for _, reason in parts))


Part = tuple[int, str]


def _name(new: MatchFacts, known: MatchFacts, policy: MatchPolicy) -> Iterator[Part]:
    if not new.name or not known.name:
        return
    if new.name == known.name:
        yield policy.name_same, N_("姓名相同")
    elif new.sounds & known.sounds:
        yield policy.name_sound, N_("姓名同音")
    elif fuzz.ratio(new.name, known.name) >= _CLOSE_NAME or new.name in known.name or known.name in new.name:
        yield policy.name_close, N_("姓名相近")
    else:
        yield -policy.name_other, N_("姓名不同")


_CLOSE_NAME = 66  # per cent: one of three characters differs


def _birth(new: MatchFacts, known: MatchFacts, policy: MatchPolicy) -> Iterator[Part]:
    if new.birth and known.birth:
        if new.birth == known.birth:
            yield policy.birth_same, N_("出生日期相同")
        elif is_birth_slip(new.birth, known.birth):
            yield policy.birth_slip, N_("出生日期只差一处")
        else:
            yield -policy.birth_other, N_("出生日期不同")
    elif new.birth_year is not None and known.birth_year is not None:
        if abs(new.birth_year - known.birth_year) <= 1:
            yield policy.birth_year, N_("出生年份相近")
        else:
            yield -policy.birth_other, N_("出生年份不同")


def is_birth_slip(one: str, other: str) -> bool:
    """One wrong digit, two neighbours swapped, or day and month swapped (YYYYMMDD)."""
    is_swapped = one[:4] == other[:4] and one[4:] == other[6:] + other[4:6]
    return is_swapped or OSA.distance(one, other) == 1


def _sex(new: MatchFacts, known: MatchFacts, policy: MatchPolicy) -> Iterator[Part]:
    told = {Sex.MALE, Sex.FEMALE}
    if new.sex in told and known.sex in told and new.sex is not known.sex:
        yield -policy.sex_other, N_("性别不同")


def _phone(new: MatchFacts, known: MatchFacts, policy: MatchPolicy) -> Iterator[Part]:
    if new.phones & known.phones:
        yield policy.phone_same, N_("电话相同")
    elif new.phone_tails & known.phone_tails:
        yield policy.phone_tail, N_("电话后四位相同")


def _village(new: MatchFacts, known: MatchFacts, policy: MatchPolicy) -> Iterator[Part]:
    if new.village_id is not None and new.village_id == known.village_id:
        yield policy.village_same, N_("同村")


def _number(new: MatchFacts, known: MatchFacts, policy: MatchPolicy) -> Iterator[Part]:
    """Two different numbers: a slip of the pen in the last four, or two people."""
    if not new.number_tails or not known.number_tails:
        return
    if new.number_tails & known.number_tails:
        yield policy.number_slip, N_("证件后四位相同")
    elif any(OSA.distance(a, b) == 1 for a in new.number_tails for b in known.number_tails):
        yield policy.number_slip, N_("证件后四位只差一处")
    else:
        yield -policy.number_other, N_("证件号不同")
