"""Concepts by code, as lists, and by what a person types."""

from __future__ import annotations

from yiti.kernel.errors import InvalidInput, NotFound
from yiti.kernel.text import N_, Term
from yiti.registry.terminology.domain import VITAL_SIGN, ConceptRow, ConceptSort, MeasureRow, SystemRow
from yiti.registry.terminology.selectors.cache import CATALOGUE, Loaded

LANGUAGE = "zh-hans"


def systems() -> tuple[SystemRow, ...]:
    """All code systems, in the order of the list."""
    return tuple(CATALOGUE.systems().values())


def system(code: str) -> SystemRow:
    """One code system. Raises NotFound."""
    found = CATALOGUE.systems().get(code)
    if found is None:
        raise NotFound
    return found


def concept(system: str, code: str) -> ConceptRow:
    """The concept of a code, retired or not. Raises NotFound."""
    found = _find(system, code)
    if found is None:
        raise NotFound
    return found


def concepts(system: str, *, retired: bool = False) -> tuple[ConceptRow, ...]:
    """The active concepts of a system (with `retired`: all), in the order of its list."""
    rows = _loaded(system).by_code.values()
    return tuple(row for row in rows if row.active or retired)


def choices(system: str, *, language: str = LANGUAGE) -> list[tuple[str, str]]:
    """Code and term of each active concept, for the choices of a form field."""
    return [(row.code, row.text(language)) for row in concepts(system)]


def label(system: str, code: str, *, language: str = LANGUAGE) -> str:
    """The term of a code, retired or not; "" for the empty code. Raises NotFound."""
    return concept(system, code).text(language) if code else ""


def term(system: str, code: str) -> Term:
    """The term of a code with its English, for a page that says it in either. Raises NotFound."""
    if not code:
        return Term("", "")
    found = concept(system, code)
    return Term(found.text(LANGUAGE), found.text("en"))


def as_term(text: str, *systems: str) -> str:
    """Kept words as the term they are in the first of these systems that has it; other words as they are."""
    tables = filter(None, map(CATALOGUE.loaded, systems)) if text else ()
    return next((table.by_words[text] for table in tables if text in table.by_words), text)


def ensure_choice(system: str, code: str, *, field: str) -> None:
    """Raise InvalidInput on `field` unless the code is active in the system."""
    found = _find(system, code)
    if found is None or not found.active:
        raise InvalidInput(N_("请从列表里选一项"), field=field)


def search(system: str, text: str, *, limit: int = 20) -> tuple[ConceptRow, ...]:
    """Active concepts that fit what a person typed: a code or its start, Chinese (also a synonym),
    pinyin initials (`gxy`), pinyin (`gaoxueya`) or an English word; best first (`Index.find`).
    Nothing typed gives the most common. Raises NotFound for an unknown system."""
    return _loaded(system).index.find(text, limit=limit)


def listed(
    system: str, text: str = "", *, sort: ConceptSort = ConceptSort.LIST, descending: bool = False
) -> tuple[ConceptRow, ...]:
    """A code table for a page: all concepts, or with `text` the active ones that fit it (best first
    unless another sort is asked for). Raises NotFound for an unknown system."""
    rows = (
        search(system, text, limit=len(_loaded(system).by_code)) if text else concepts(system, retired=True)
    )
    if sort is ConceptSort.CODE:
        rows = tuple(sorted(rows, key=lambda row: row.code))
    return rows[::-1] if descending else rows


def measure(code: str) -> MeasureRow:
    """Unit, UCUM and LOINC code of a vital sign. Raises NotFound."""
    found = _loaded(VITAL_SIGN).measures.get(code)
    if found is None:
        raise NotFound
    return found


def measures() -> tuple[MeasureRow, ...]:
    """All vital signs with their units, in the order of the list."""
    return tuple(_loaded(VITAL_SIGN).measures.values())


def _loaded(code: str) -> Loaded:
    found = CATALOGUE.loaded(code) or CATALOGUE.reloaded(code)
    if found is None:
        raise NotFound
    return found


def _find(system: str, code: str) -> ConceptRow | None:
    known = _loaded(system).by_code.get(code)
    if known is not None:
        return known
    again = CATALOGUE.reloaded(system)
    return again.by_code.get(code) if again else None
