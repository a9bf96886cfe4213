"""Frozen rows: what selectors give out and what the loader takes in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from yiti.kernel.text import N_

# Systems that more hangs on than concepts.
ICD10 = "icd10"
VITAL_SIGN = "vital-sign"
DISEASE_SPECIALTY = "disease-specialty"
CHRONIC_DISEASE = "chronic-disease"


class Confidence(StrEnum):
    """How sure we are that a table says what its source says."""

    HIGH = "H"  # read in the standard itself, or our own list
    MEDIUM = "M"  # general knowledge or a second-hand copy: check before an exchange relies on it
    LOW = "L"  # a guess that somebody must settle

    @property
    def zh(self) -> str:
        """The word on screen."""
        return _CONFIDENCE_WORDS[self]


_CONFIDENCE_WORDS = {Confidence.HIGH: N_("高"), Confidence.MEDIUM: N_("待核"), Confidence.LOW: N_("存疑")}


class ConceptSort(StrEnum):
    """How a code table may be sorted."""

    LIST = "list"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Name:
    """A term with what a person types for it.

    `initials` is the first letter of each syllable (`gxy`), `pinyin` the syllables with a space
    between them (`gao xue ya`); both lower case, digits and Latin letters kept.
    """

    zh: str
    initials: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """One code of one system.

    `often` says how often a county meets it (0 rarely to 3 daily; our estimate) and only ranks
    search results. `active` is False for a retired code: old records keep it, forms no longer
    offer it. `local` marks a code that the cited standard does not have. `parent` is a code of
    the same system, or "".
    """

    system: str
    code: str
    name: Name
    en: str
    synonyms: tuple[Name, ...] = ()
    parent: str = ""
    sort_order: int = 0
    often: int = 0
    active: bool = True
    local: bool = False

    @property
    def zh(self) -> str:
        """The term people read."""
        return self.name.zh

    def text(self, language: str) -> str:
        """The term in the language of the page: English for `en` and its variants, else Chinese."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """How a vital sign is written: unit as shown, UCUM and LOINC codes, decimals kept.

    `unit` and `ucum` are "" for what is said in words; `loinc` is "" where we are not sure of one.
    """

    code: str
    unit: str
    ucum: str
    loinc: str
    decimals: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Diagnoses whose ICD-10 code starts with `prefix`: their section of the capability directory
    (a code of `disease-specialty`) and, or "", which of the four chronic diseases they are."""

    prefix: str
    specialty: str
    chronic: str


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A code system: what it is called, where it comes from, and how sure we are."""

    code: str
    version: str
    zh: str
    en: str
    uri: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class SystemSource:
    """A code system as it is to be published, with everything that hangs on it."""

    system: SystemRow
    concepts: tuple[ConceptRow, ...]
    measures: tuple[MeasureRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the whole content: equal digests, equal systems."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Release:
    """All code systems of the house, in the order in which they are listed."""

    systems: tuple[SystemSource, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What loading a release did: code systems written, concepts added and changed."""

    systems: int = 0
    added: int = 0
    changed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.systems + other.systems, self.added + other.added, self.changed + other.changed)
