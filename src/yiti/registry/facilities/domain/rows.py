"""What selectors give out: frozen rows, so that a template can cause no query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from yiti.registry.facilities.domain.kinds import Kind, Level, MemberRole, NoteKind, RegionLevel, UseKind
from yiti.registry.facilities.domain.travel import Place

_FILLING, _NEARLY_FULL = 0.90, 0.95


@dataclass(frozen=True, slots=True)
class RegionRow:
    """An administrative division. `code` is the 12-digit statistics code."""

    id: UUID
    code: str
    name: str
    level: RegionLevel
    parent_id: UUID | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """An institution. `facts_checked` is false where any fact is invented or unchecked."""

    id: UUID
    code: str
    credit_code: str | None
    name: str
    short_name: str
    kind: Kind
    level: Level
    grade: str
    region_id: UUID
    region_code: str
    region_name: str
    managed_by_id: UUID | None
    phone: str
    profile: str
    latitude: float | None
    longitude: float | None
    is_external: bool
    facts_checked: bool
    opened_date: date | None
    closed_date: date | None

    @property
    def glyph(self) -> str:
        """The level glyph: 村, 镇, 县 or 市."""
        return self.level.glyph

    @property
    def kind_zh(self) -> str:
        """The kind in words."""
        return self.kind.facts.zh

    @property
    def label(self) -> str:
        """For the head of a column: `县人民医院` -> `人民医院`, `寨岗卫生院` -> `寨岗`."""
        label = self.short_name.removeprefix("县")
        for ending in ("保健院", "卫生院"):
            label = label.removesuffix(ending) or label
        return label

    @property
    def place(self) -> Place | None:
        """Latitude and longitude in degrees, or None."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department or ward."""

    id: UUID
    institution_id: UUID
    code: str
    name: str
    specialty: str
    phone: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class BedRow:
    """A bed with the ward and institution it stands in."""

    id: UUID
    label: str
    features: tuple[str, ...]
    is_active: bool
    department_id: UUID
    department_name: str
    institution_id: UUID

    @property
    def is_monitored(self) -> bool:
        """Whether it has a monitor."""
        return "monitored" in self.features


@dataclass(frozen=True, slots=True)
class BedUseRow:
    """A bed held or lain in; `ends_at` is None for a stay without a known end."""

    id: UUID
    bed: BedRow
    kind: UseKind
    starts_at: datetime
    ends_at: datetime | None
    for_kind: str
    for_id: UUID


@dataclass(frozen=True, slots=True)
class BoardNote:
    """The last statement of a ward about its free beds, or a phone call that confirmed it."""

    kind: NoteKind
    free_stated: int
    stated_at: datetime
    stated_by_name: str
    spoke_with: str

    def is_stale(self, at: datetime, limit: timedelta) -> bool:
        """Whether the statement is older than the rule allows (decision 29)."""
        return at - self.stated_at > limit


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A ward on the bed board: counted from beds in use, beside what the ward says."""

    department_id: UUID
    department_name: str
    department_phone: str
    institution_id: UUID
    beds: int
    occupied: int
    held: int
    monitored_free: int
    note: BoardNote | None
    is_stale: bool

    @property
    def taken(self) -> int:
        """Beds lain in or held."""
        return self.occupied + self.held

    @property
    def tone(self) -> str:
        """Colour of the bar: `late` from 95 % taken, `wait` from 90 %."""
        share = self.taken / self.beds if self.beds else 0
        return "late" if share >= _NEARLY_FULL else "wait" if share >= _FILLING else ""

    @property
    def free(self) -> int | None:
        """Beds one can ask for: counted where beds are registered, else what was said of late, else None."""
        if self.beds:
            return self.beds - self.taken
        return self.note.free_stated if self.note and not self.is_stale else None

    @property
    def is_disputed(self) -> bool:
        """Whether a recent statement and the count differ."""
        return bool(self.beds and self.note and not self.is_stale and self.note.free_stated != self.free)


@dataclass(frozen=True, slots=True)
class ConsortiumRow:
    """A consortium."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An institution's place in a consortium on a day."""

    institution_id: UUID
    institution_name: str
    level: Level
    consortium_id: UUID
    role: MemberRole
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class AllianceRow:
    """An institution's place in an alliance on a day."""

    alliance_name: str
    is_lead: bool
    scopes: tuple[str, ...]
    valid_from: date


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    """Devices of one sort."""

    name: str
    quantity: int
    note: str


@dataclass(frozen=True, slots=True)
class OperationRow:
    """A permitted operation."""

    code: str
    name: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Ward:
    """A department that may take somebody. `free` is None where no beds are registered."""

    department_id: UUID
    name: str
    specialty: str
    free: int | None
    monitored_free: int


@dataclass(frozen=True, slots=True)
class Destination:
    """A place where people can be sent, with its departments."""

    institution: InstitutionRow
    wards: tuple[Ward, ...]
