"""What selectors give out: frozen rows, so that a template can cause no query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yiti.kernel.display import mask_id_number, mask_phone
from yiti.kernel.identity import Sex
from yiti.kernel.text import N_, Phrase, heard
from yiti.registry.residents.domain.birth import Birth
from yiti.registry.residents.domain.codes import AccessReason, Enrolment, RiskCode
from yiti.registry.residents.domain.people import Profile

VILLAGE_GROUP = N_("{village} {group} 组")


def as_place(text: str) -> str:
    """A kept place as the phrase it was made as (`PersonRow.place`)."""
    return heard(text, [VILLAGE_GROUP], str)


@dataclass(frozen=True, slots=True)
class CardRow:
    """An index card: what the whole county may see of a person."""

    id: UUID
    masked_name: str
    sex: Sex
    birth_year: int | None
    village_id: UUID | None
    village_name: str
    initials: str
    is_deceased: bool
    merged_into_id: UUID | None

    def age_text(self, on: date) -> str:
        """About how old the person is in the year of `on`; empty when the year of birth is unknown."""
        return (
            ""
            if self.birth_year is None
            else Phrase(N_("约{years}岁"), years=max(0, on.year - self.birth_year))
        )


@dataclass(frozen=True, slots=True)
class CardHit:
    """A card that fits a search. `person` is there only when the actor may open the record."""

    card: CardRow
    person: PersonRow | None
    is_exact: bool
    in_catchment: bool

    @property
    def may_open(self) -> bool:
        """Whether the actor's institution may open the record."""
        return self.person is not None

    @property
    def name(self) -> str:
        """The full name for those who may open the record, else the masked one."""
        return self.person.name if self.person else self.card.masked_name

    def age_text(self, on: date) -> str:
        """The age on a day, exact only for those who may open the record."""
        return self.person.birth.age_text(on) if self.person else self.card.age_text(on)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A record, open to the actor. `id` is the canonical id, `ids` are all of the person's; `id_number` ""
    without an identity card."""

    id: UUID
    profile: Profile
    enrolment: Enrolment
    village_id: UUID | None
    village_name: str
    mother_id: UUID | None
    id_number: str
    registered_at: datetime
    deceased_at: datetime | None
    revision: int
    ids: frozenset[UUID] = frozenset()

    @property
    def name(self) -> str:
        """The full name."""
        return self.profile.name

    @property
    def sex(self) -> Sex:
        """GB/T 2261.1."""
        return self.profile.sex

    @property
    def birth(self) -> Birth:
        """Date of birth, as far as known."""
        return self.profile.birth

    @property
    def masked_id_number(self) -> str:
        """`4418**********2317`, or empty."""
        return mask_id_number(self.id_number)

    @property
    def masked_phone(self) -> str:
        """`138****6620`, or empty."""
        return mask_phone(self.profile.phone)

    @property
    def place(self) -> str:
        """`油岭村 2 组`: village and group, else the address."""
        if not self.village_name:
            return self.profile.address
        if not self.profile.group_no:
            return self.village_name
        return Phrase(VILLAGE_GROUP, village=self.village_name, group=self.profile.group_no)

    @property
    def home(self) -> str:
        """Where to find the person: village and address, the village once."""
        address = self.profile.address
        if self.village_name and self.village_name in address:
            return address
        return f"{self.place} {address}" if address and address != self.place else self.place


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """A document. `is_live` is false once it has been ended."""

    id: UUID
    kind: str
    kind_zh: str
    number: str
    issued_by: str
    added_at: datetime
    is_live: bool

    @property
    def masked_number(self) -> str:
        """First and last characters only."""
        return mask_id_number(self.number)


@dataclass(frozen=True, slots=True)
class AllergyRow:
    """A known allergy, the last word on it."""

    id: UUID
    substance_code: str
    substance: str
    reaction_code: str
    reaction: str
    severity: str
    severity_zh: str
    onset_year: int | None
    note: str
    noted_at: datetime
    noted_by_name: str
    is_correction: bool

    @property
    def text(self) -> Phrase:
        """`青霉素过敏：皮疹（2019）`."""
        words = {"substance": self.substance, "reaction": self.reaction, "year": self.onset_year}
        if self.reaction:
            return Phrase(
                N_("{substance}过敏：{reaction}（{year}）")
                if self.onset_year
                else N_("{substance}过敏：{reaction}"),
                **words,
            )
        return Phrase(N_("{substance}过敏（{year}）") if self.onset_year else N_("{substance}过敏"), **words)


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A risk mark in force, or one that has ended."""

    id: UUID
    code: RiskCode
    level: str
    since_date: date
    until_date: date | None
    noted_by_name: str

    @property
    def text(self) -> Phrase:
        """`高血压 很高危`, `2型糖尿病`."""
        words = {"risk": Phrase(self.code.zh), "level": Phrase(self.level)}
        if self.code is RiskCode.DIABETES:
            return Phrase(N_("{level}{risk}"), **words)
        return Phrase(N_("{risk} {level}") if self.level else "{risk}", **words)


@dataclass(frozen=True, slots=True)
class HouseholdMemberRow:
    """Somebody of the household; `name` is masked unless the record is open to the actor."""

    person_id: UUID
    name: str
    relation: str
    relation_zh: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household. `size` counts all members; `members` are those whose records are open."""

    id: UUID
    head_id: UUID
    head_name: str
    address: str
    size: int
    members: tuple[HouseholdMemberRow, ...]


@dataclass(frozen=True, slots=True)
class AccessRow:
    """Why and until when an institution may open a record."""

    institution_id: UUID
    institution_name: str
    reason: AccessReason
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One field of a profile as somebody changed it."""

    field: str
    old: str
    new: str
    revision: int
    changed_at: datetime
    changed_by_name: str


@dataclass(frozen=True, slots=True)
class MatchRow:
    """Somebody already in the index who may be the person at the desk."""

    card: CardRow
    name: str
    may_open: bool
    score: int
    reasons: tuple[str, ...]
    is_strong: bool


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge in force: `absorbed` is read as part of the record of `kept`."""

    id: UUID
    absorbed_id: UUID
    absorbed_name: str
    kept_id: UUID
    reason: str
    merged_at: datetime
    merged_by_name: str
