"""What an institution can treat: the dated catalogue of its tier, and where it differs from it.

Precedence, first match wins:
1. an override of the institution itself in force on the day, the longest ICD-10 prefix first;
2. the catalogue's entry for its tier, the longest prefix first;
3. nothing known: `Verdict.UNKNOWN`, which is not a refusal.
An override beats the catalogue even with a shorter prefix: who says "no adult heart disease here" (`I`)
means it for every heart disease the catalogue grants to its tier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yiti.kernel.text import N_, Phrase, Term
from yiti.registry.facilities.domain.kinds import Tier


class Verdict(StrEnum):
    """Answer of the directory for one disease at one institution."""

    KEEP = "keep"
    LIMITED = "limited"
    REFER = "refer"
    UNKNOWN = "unknown"

    @property
    def zh(self) -> str:
        """独立收治, 有条件收治, 应转出 or 未列入目录."""
        return _VERDICT_WORDS[self]


_VERDICT_WORDS = {
    Verdict.KEEP: N_("独立收治"),
    Verdict.LIMITED: N_("有条件收治"),
    Verdict.REFER: N_("应转出"),
    Verdict.UNKNOWN: N_("未列入目录"),
}


@dataclass(frozen=True, slots=True)
class Capability:
    """A verdict, its condition (for `limited`), and in words the rule that gave it."""

    verdict: Verdict
    condition: str
    rule: str
    is_override: bool = False


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One disease of the catalogue. Tiers named in neither `keep` nor `limited` refer."""

    icd: str
    zh: str
    group: str
    keep: frozenset[Tier]
    limited: Mapping[Tier, str]

    def verdict(self, tier: Tier) -> tuple[Verdict, str]:
        """Verdict and condition for a tier."""
        if tier in self.keep:
            return Verdict.KEEP, ""
        if tier in self.limited:
            return Verdict.LIMITED, self.limited[tier]
        return Verdict.REFER, ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version of the capability catalogue, diseases in the order of its groups."""

    version: str
    entries: tuple[CatalogueEntry, ...]

    def find(self, icd: str) -> CatalogueEntry | None:
        """The entry with the longest prefix of this code, or None."""
        fitting = [entry for entry in self.entries if icd.startswith(entry.icd)]
        return max(fitting, key=lambda entry: len(entry.icd), default=None)

    def count_treated(self, tier: Tier) -> int:
        """How many diseases a tier keeps, freely or on a condition."""
        return sum(1 for e in self.entries if tier in e.keep or tier in e.limited)


@dataclass(frozen=True, slots=True)
class Override:
    """An institution's own word on a group of diseases."""

    icd_prefix: str
    verdict: Verdict
    condition: str


def compute_capability(
    icd: str,
    *,
    tier: Tier | None,
    catalogue: Catalogue | None,
    overrides: Iterable[Override],
) -> Capability:
    """Resolve one ICD-10 code for one institution (precedence: see the head of this file)."""
    fitting = [each for each in overrides if icd.startswith(each.icd_prefix)]
    if fitting:
        own = max(fitting, key=lambda each: len(each.icd_prefix))
        return Capability(
            own.verdict, own.condition, Phrase(N_("本院申报 {code}"), code=own.icd_prefix), is_override=True
        )
    entry = catalogue.find(icd) if catalogue else None
    if catalogue is None or entry is None or tier is None:
        return Capability(Verdict.UNKNOWN, "", Phrase(N_("未列入收治能力目录")))
    verdict, condition = entry.verdict(tier)
    said = Phrase(
        N_("收治能力目录 {version} 版 {tier} {code}"),
        version=catalogue.version,
        tier=Phrase(tier.zh),
        code=entry.icd,
    )
    return Capability(verdict, condition, said)


def read_catalogue(value: Mapping[str, Any]) -> Catalogue:
    """The value of rule `capability.catalogue` as a catalogue.

    `value` is `{version, groups: [{zh, en, diseases: [{icd, zh, keep: [tier], limited: {tier: words}}]}]}`.
    Raises ValueError for an unknown tier, a tier in both lists, or a code twice.
    """
    entries = tuple(
        _read_entry(each, Term(group["zh"], group.get("en", "")))
        for group in value["groups"]
        for each in group["diseases"]
    )
    counted = Counter(entry.icd for entry in entries)
    if twice := sorted(icd for icd, times in counted.items() if times > 1):
        raise ValueError(f"in the capability catalogue twice: {twice}")
    return Catalogue(str(value["version"]), entries)


def _read_entry(value: Mapping[str, Any], group: str) -> CatalogueEntry:
    keep = frozenset(Tier(name) for name in value.get("keep", ()))
    limited = {Tier(name): str(words) for name, words in value.get("limited", {}).items()}
    if keep & set(limited):
        raise ValueError(f"{value['icd']}: a tier both keeps and is limited")
    return CatalogueEntry(value["icd"], value["zh"], group, keep, limited)
