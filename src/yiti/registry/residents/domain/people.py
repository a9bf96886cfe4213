"""A person as data, and the rows that data makes: shared by the form and the bulk loader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiti.kernel import pinyin
from yiti.kernel.display import mask_name
from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import Sex, parse_phone
from yiti.kernel.text import N_
from yiti.registry.residents.domain.birth import UNKNOWN_BIRTH, Birth, ensure_possible_birth
from yiti.registry.residents.domain.codes import AccessReason, BirthPrecision, Enrolment
from yiti.registry.residents.domain.identifiers import IdentifierSpec
from yiti.registry.residents.domain.keys import Key, card_keys
from yiti.registry.residents.domain.texts import normal_name, normal_text

LONGEST_ADDRESS = 120
LONGEST_GROUP = 10
LONGEST_INITIALS = 50


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person's record says of them and may change. "" is unknown.

    Codes are of terminology: `ethnic` ethnic-group, `payer` payer, `blood_abo`, `blood_rh`,
    `occupation`, `education`, `marital` marital-status, `contact_relation` relation.
    """

    name: str
    sex: Sex = Sex.UNKNOWN
    birth: Birth = UNKNOWN_BIRTH
    ethnic: str = ""
    phone: str = ""
    contact_name: str = ""
    contact_relation: str = ""
    contact_phone: str = ""
    address: str = ""
    group_no: str = ""
    payer: str = ""
    blood_abo: str = ""
    blood_rh: str = ""
    occupation: str = ""
    education: str = ""
    marital: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the record that hold this profile."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        birth: Birth = values.pop("birth")
        return {**values, "birth_date": birth.day, "birth_precision": birth.precision.value}


def profile_of(columns: Mapping[str, Any]) -> Profile:
    """The profile that the columns of a record hold (extra columns are ignored)."""
    values = {each.name: columns[each.name] for each in fields(Profile) if each.name != "birth"}
    birth = Birth(columns["birth_date"], BirthPrecision(columns["birth_precision"]))
    return Profile(**{**values, "sex": Sex(columns["sex"])}, birth=birth)


def clean_profile(profile: Profile, *, on: date) -> Profile:
    """The profile as stored: texts tidied, phones parsed. `on` is today.

    Codes are checked by the command, which knows the code tables. Raises InvalidInput.
    """
    ensure_possible_birth(profile.birth, on=on)
    return Profile(
        name=normal_name(profile.name),
        sex=profile.sex,
        birth=profile.birth,
        ethnic=profile.ethnic,
        phone=clean_phone(profile.phone, field="phone"),
        contact_name=_name_or_nothing(profile.contact_name, field="contact_name"),
        contact_relation=profile.contact_relation,
        contact_phone=clean_phone(profile.contact_phone, field="contact_phone"),
        address=normal_text(profile.address, longest=LONGEST_ADDRESS, field="address"),
        group_no=normal_text(profile.group_no, longest=LONGEST_GROUP, field="group_no"),
        payer=profile.payer,
        blood_abo=profile.blood_abo,
        blood_rh=profile.blood_rh,
        occupation=profile.occupation,
        education=profile.education,
        marital=profile.marital,
    )


def _name_or_nothing(text: str, *, field: str) -> str:
    return normal_name(text, field=field) if text.strip() else ""


def clean_phone(text: str, *, field: str) -> str:
    """The number as stored, or "" when none was given. Raises InvalidInput."""
    return parse_phone(text, field=field).number if text.strip() else ""


#: Fields of a profile that hold a code, and the code system it is of.
PROFILE_CODES = {
    "ethnic": "ethnic-group",
    "contact_relation": "relation",
    "payer": "payer",
    "blood_abo": "blood-abo",
    "blood_rh": "blood-rh",
    "occupation": "occupation",
    "education": "education",
    "marital": "marital-status",
}


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives. `village_id` is None outside the county."""

    village_id: UUID | None
    group_no: str = ""
    address: str = ""


def clean_home(home: Home) -> Home:
    """The place as stored. Raises InvalidInput."""
    return Home(
        home.village_id,
        normal_text(home.group_no, longest=LONGEST_GROUP, field="group_no"),
        normal_text(home.address, longest=LONGEST_ADDRESS, field="address"),
    )


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """A person to be registered. `id` is made by the client: a repeat is known by it.

    `village_id` is None for people from outside the county; `mother_id` only for newborns.
    """

    id: UUID
    profile: Profile
    enrolment: Enrolment = Enrolment.CARD
    village_id: UUID | None = None
    mother_id: UUID | None = None
    identifiers: tuple[IdentifierSpec, ...] = ()


def ensure_enrolment(spec: PersonSpec) -> None:
    """Raise InvalidInput unless the documents and the mother fit the way of registering."""
    if spec.enrolment in (Enrolment.CARD, Enrolment.FOREIGNER) and not spec.identifiers:
        raise InvalidInput(N_("请填写证件号；没带证件就选“没带证件”"), field="number")
    if spec.enrolment is Enrolment.NEWBORN and spec.mother_id is None:
        raise InvalidInput(N_("请先找到母亲；找不到就按“无名氏”登记"), field="mother")
    if spec.enrolment is not Enrolment.NEWBORN and spec.mother_id is not None:
        raise InvalidInput(N_("只有新生儿才填母亲"), field="mother")
    if spec.enrolment is Enrolment.NEWBORN and spec.profile.birth.day is None:
        raise InvalidInput(N_("请填写出生日期"), field="birth")


@dataclass(frozen=True, slots=True)
class Registration:
    """Who registered a person, where and when, and which institutions serve the village."""

    at: datetime
    user_id: UUID
    institution_id: UUID
    catchment: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRows:
    """One person as rows: column names to values, in a fixed order of columns."""

    card: dict[str, Any]
    keys: tuple[Key, ...]
    resident: dict[str, Any]
    identifiers: tuple[dict[str, Any], ...]
    accesses: tuple[dict[str, Any], ...]


def card_columns(profile: Profile) -> dict[str, Any]:
    """The columns of the index card that follow from the profile."""
    return {
        "masked_name": mask_name(profile.name),
        "sex": profile.sex.value,
        "birth_year": profile.birth.day.year if profile.birth.day else None,
        "initials": pinyin.initials(profile.name)[:LONGEST_INITIALS],
    }


def profile_keys(
    profile: Profile, numbers: Iterable[tuple[str, str]], village_id: UUID | None
) -> tuple[Key, ...]:
    """The search keys of a person of this village with these live documents, sorted."""
    keys = card_keys(
        name=profile.name,
        birth=profile.birth,
        village_id=village_id,
        phones=[profile.phone] if profile.phone else [],
        numbers=numbers,
    )
    return tuple(sorted(keys))


def spec_keys(spec: PersonSpec) -> tuple[Key, ...]:
    """The search keys of somebody who is to be registered."""
    numbers = [(each.kind, each.number) for each in spec.identifiers]
    return profile_keys(spec.profile, numbers, spec.village_id)


def prepare_person(
    spec: PersonSpec, registration: Registration, *, make_id: Callable[[], UUID]
) -> PersonRows:
    """The rows of a person whose profile and numbers are clean already. `make_id` makes the ids of
    the accesses (a loader hands in its own, so that a seed gives the same rows again)."""
    return PersonRows(
        card={
            "id": spec.id,
            **card_columns(spec.profile),
            "village_id": spec.village_id,
            "is_deceased": False,
            "merged_into_id": None,
        },
        keys=spec_keys(spec),
        resident={
            "card_id": spec.id,
            **spec.profile.columns,
            "village_id": spec.village_id,
            "enrolment": spec.enrolment.value,
            "mother_id": spec.mother_id,
            "registered_at": registration.at,
            "registered_by": registration.user_id,
            "registered_in_id": registration.institution_id,
            "deceased_at": None,
            "revision": 1,
        },
        identifiers=tuple(_identifier(spec.id, each, registration.at) for each in spec.identifiers),
        accesses=tuple(_accesses(spec, registration, make_id)),
    )


def _identifier(person_id: UUID, spec: IdentifierSpec, at: datetime) -> dict[str, Any]:
    return {
        "id": spec.id,
        "person_id": person_id,
        "kind": spec.kind,
        "number": spec.number,
        "issued_by": spec.issued_by,
        "added_at": at,
        "ended_at": None,
    }


def _accesses(
    spec: PersonSpec, registration: Registration, make_id: Callable[[], UUID]
) -> Iterable[dict[str, Any]]:
    shared = {
        "valid_from": registration.at,
        "valid_until": None,
        "granted_by": registration.user_id,
        "copy_of_id": None,
    }
    yield {
        "id": make_id(),
        "person_id": spec.id,
        "institution_id": registration.institution_id,
        "reason": AccessReason.REGISTERED.value,
        "for_kind": "residents.resident",
        "for_id": spec.id,
        **shared,
    }
    for institution_id in registration.catchment:
        yield {
            "id": make_id(),
            "person_id": spec.id,
            "institution_id": institution_id,
            "reason": AccessReason.CATCHMENT.value,
            "for_kind": VILLAGE,
            "for_id": spec.village_id,
            **shared,
        }


#: `for_kind` of an access that an institution has because it serves the person's village.
VILLAGE = "facilities.region"
