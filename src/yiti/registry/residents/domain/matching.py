"""Is the person at the desk somebody we already know? A probability with its reasons.

The same comparisons and the same model as in the nightly run over the whole index (`linking`), so that desk
and night decide alike about a pair. People are compared by their search keys and cards only, so a person
whose record is closed to the desk can be recognised without opening it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import numpy as np

from yiti.kernel.identity import Sex
from yiti.kernel.text import N_
from yiti.registry.residents.domain.codes import Enrolment, KeyKind
from yiti.registry.residents.domain.linking.columns import Column
from yiti.registry.residents.domain.linking.comparing import NO_LEVEL
from yiti.registry.residents.domain.linking.model import Model, compare, score
from yiti.registry.residents.domain.linking.people import COMPARISONS, Written
from yiti.registry.residents.domain.people import PersonSpec

MOST_POINTS = 100
_NOTHING = ("",)

Id = TypeVar("Id")


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """From how many of 100 something happens, from rules `residents.matching.*`."""

    show_from: int
    strong_from: int
    review_from: int


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
        those: dict[str, list[str]] = {}
        for kind, value in keys:
            those.setdefault(kind, []).append(value)
        return cls(
            name=those.get(KeyKind.NAME, _NOTHING)[0],
            sounds=frozenset(those.get(KeyKind.PINYIN, ())),
            birth=those.get(KeyKind.BIRTH, _NOTHING)[0],
            birth_year=birth_year,
            sex=sex,
            numbers=frozenset(those.get(KeyKind.ID, ())),
            number_tails=frozenset(those.get(KeyKind.ID_TAIL, ())),
            phones=frozenset(those.get(KeyKind.PHONE, ())),
            phone_tails=frozenset(those.get(KeyKind.PHONE_TAIL, ())),
            village_id=village_id,
        )

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Those keys of a card whose commonness counts."""
        several = {KeyKind.PINYIN: self.sounds, KeyKind.ID: self.numbers, KeyKind.PHONE: self.phones}
        single = {KeyKind.NAME: self.name, KeyKind.BIRTH: self.birth}
        found = [(kind, value) for kind, values in several.items() for value in sorted(values)]
        return [*found, *((kind, value) for kind, value in single.items() if value)]


@dataclass(frozen=True, slots=True)
class MatchScore:
    """The probability in percent, 100 only for the same document number, and its reasons in the words of the
    desk."""

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


#: How many people of the index have a value of a property: by name of the property, then by value.
Commonness = Mapping[str, dict[str, int]]


def compute_matches(
    new: MatchFacts, known: Mapping[Id, MatchFacts], model: Model, commonness: Commonness, *, least: int = 0
) -> dict[Id, MatchScore]:
    """How likely each of these is the new person, who is not counted in `commonness`: those with at least so
    many points."""
    if not known:
        return {}
    people = written([new, *known.values()]).columns()
    people |= {name: _counted(people[name], values) for name, values in commonness.items()}
    others = np.arange(1, len(known) + 1)
    compared = compare(COMPARISONS, people, np.zeros_like(others), others)
    levels = np.stack([compared[each.name].levels for each in COMPARISONS], axis=1).tolist()
    found = zip(known, score(model, compared).tolist(), map(agreements, levels), strict=True)
    return {
        id_: MatchScore(reached, reasons_of(told))
        for id_, probable, told in found
        if (reached := points(probable, told)) >= least
    }


def written(facts: Sequence[MatchFacts]) -> Written:
    """Facts as the lists that columns are made of."""
    return Written(
        names=[each.name for each in facts],
        sounds=[each.sounds for each in facts],
        births=[each.birth for each in facts],
        years=[str(each.birth_year or "") for each in facts],
        sexes=["" if each.sex is Sex.UNKNOWN else each.sex.value for each in facts],
        villages=[str(each.village_id or "") for each in facts],
        numbers=[each.numbers for each in facts],
        number_tails=[each.number_tails for each in facts],
        phones=[each.phones for each in facts],
        phone_tails=[each.phone_tails for each in facts],
    )


def _counted(column: Column, people: Mapping[str, int]) -> Column:
    """With the counts of the index, and the new person among them."""
    counts = [people.get(text, 1) + 1 for text in column.texts.tolist()]
    return replace(column, people=np.array(counts, dtype=np.float64))


Agreements = Mapping[str, str]


def agreements(levels: Sequence[int]) -> Agreements:
    """The level of each property that is known of both, by name (`{"name": "same", "birth": "slip"}`)."""
    pairs = zip(COMPARISONS, levels, strict=True)
    return {each.name: each.levels[level] for each, level in pairs if level != NO_LEVEL}


def points(probability: float, levels: Agreements) -> int:
    """What is shown, kept and decided by: whole percent; a document's number is one person's alone."""
    if levels.get("number") == "same":
        return MOST_POINTS
    return min(MOST_POINTS - 1, round(MOST_POINTS * probability))


def reasons_of(levels: Agreements) -> tuple[str, ...]:
    """What agrees and what contradicts, in words; the same number says it all."""
    if levels.get("number") == "same":
        return (_WORDS["number", "same"],)
    said = (reason_of(name, levels.get(name, "")) for name in COMPARED)
    return tuple(filter(None, said))


def reason_of(name: str, level: str) -> str:
    """What a level of a property is in words; "" where there is nothing to say."""
    return _WORDS.get((name, level), "")


#: The properties that are compared, in the order in which a desk names them: the number last.
COMPARED = tuple(each.name for each in (*COMPARISONS[1:], COMPARISONS[0]))
_WORDS = {
    ("number", "same"): N_("证件号相同"),
    ("number", "slip"): N_("证件后四位相同或只差一处"),
    ("number", "other"): N_("证件号不同"),
    ("name", "same"): N_("姓名相同"),
    ("name", "sound"): N_("姓名同音"),
    ("name", "near"): N_("姓名相近"),
    ("name", "family_short"): N_("同姓不同名"),
    ("name", "family"): N_("同姓不同名"),
    ("name", "other"): N_("姓名不同"),
    ("birth", "same"): N_("出生日期相同"),
    ("birth", "swapped"): N_("出生月日颠倒"),
    ("birth", "slip"): N_("出生日期只差一处"),
    ("birth", "other"): N_("出生日期不同"),
    ("year", "near"): N_("出生年份相近"),
    ("year", "other"): N_("出生年份不同"),
    ("sex", "other"): N_("性别不同"),
    ("phone", "same"): N_("电话相同"),
    ("phone", "tail"): N_("电话后四位相同"),
    ("phone", "other"): N_("电话不同"),
    ("village", "same"): N_("同村"),
    ("village", "other"): N_("不同村"),
}
#: What speaks against, for the marks of a comparison.
AGAINST = frozenset(pair for pair in _WORDS if pair[1] in ("other", "family", "family_short"))
