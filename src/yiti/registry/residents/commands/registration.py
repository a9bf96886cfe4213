"""Adding a person to the index, and documents to a person."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.outbox import public as outbox
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.residents.commands.locking import lock_record, renew_card
from yiti.registry.residents.domain import (
    NO_DOCUMENT,
    PROFILE_CODES,
    SHARED_NUMBERS,
    IdentifierSpec,
    KeyKind,
    MatchRow,
    PersonRegistered,
    PersonRows,
    PersonSpec,
    Profile,
    Registration,
    clean_profile,
    clean_reason,
    county_number,
    digest,
    ensure_enrolment,
    normal_text,
    parse_number,
    prepare_person,
    resident_number,
)
from yiti.registry.residents.models import Card, CardKey, Identifier, RecordAccess, Resident
from yiti.registry.residents.selectors import canonical_id, card, matches, person
from yiti.registry.terminology import public as terminology


class DuplicateSuspected(Conflict):
    """Somebody very like this person is in the index already; going on needs a reason."""

    code = "duplicate_suspected"
    message = N_("很像已登记的人：{name}（{score} 分）。是同一人就用原档案；不是，请写明为什么仍要新建")


class NumberTaken(Conflict):
    """A document of this number belongs to somebody else."""

    code = "number_taken"
    message = N_("这个证件号已登记在 {name} 名下，请先查找这个人")


@access.command
def register_person(*, actor: Actor, spec: PersonSpec, new_anyway: str = "", at: datetime) -> UUID:
    """Add a person to the index and open the record to this institution and those of the village.

    The client makes `spec.id`: sent again, the same form answers as the first time. Who has no
    document gets a number of the county. `new_anyway` is the reason to go on although somebody very
    like is known. Raises InvalidInput (`field`), DuplicateSuspected, NumberTaken.
    """
    actor.require("residents.write")
    if _is_mine(actor, spec.id):
        return spec.id
    on = local_date(at)
    clean = _clean(actor, spec, on)
    suspect = _ensure_new(actor, clean, new_anyway, at)
    rows = prepare_person(_with_number(clean), _registration(actor, clean, at), make_id=new_id)
    try:
        with transaction.atomic():
            _save(rows)
    except IntegrityError as error:
        if _is_mine(actor, spec.id):
            return spec.id
        raise _taken(error) from error
    audit.note(
        actor,
        "residents.register_person",
        kind="residents.resident",
        record_id=spec.id,
        person_id=spec.id,
        at=at,
        detail={
            "enrolment": spec.enrolment.value,
            "new_anyway": new_anyway.strip(),
            "like": str(suspect.card.id) if suspect else None,
        },
    )
    outbox.record(PersonRegistered(person_id=spec.id, institution_id=actor.institution_id, registered_at=at))
    return spec.id


def _is_mine(actor: Actor, person_id: UUID) -> bool:
    return Resident.objects.filter(pk=person_id, registered_by=actor.user_id).exists()


def _clean(actor: Actor, spec: PersonSpec, on: date) -> PersonSpec:
    profile = clean_profile(spec.profile, on=on)
    ensure_codes(profile)
    identifiers = tuple(clean_identifier(each, on=on) for each in spec.identifiers)
    clean = replace(spec, profile=profile, identifiers=identifiers)
    ensure_enrolment(clean)
    _ensure_agree(clean, on)
    if clean.village_id is not None:
        ensure_village(clean.village_id)
    if clean.mother_id is None:
        return clean
    try:
        return replace(clean, mother_id=person(actor, clean.mother_id).id)
    except NotFound:
        raise InvalidInput(N_("母亲的档案没有对本院开放，请先打开她的档案"), field="mother") from None


def ensure_codes(profile: Profile, names: Container[str] = PROFILE_CODES) -> None:
    """Raise InvalidInput for a code, in one of these fields, that its table does not offer (any more)."""
    for name, system in PROFILE_CODES.items():
        if name in names and (code := getattr(profile, name)):
            terminology.ensure_choice(system, code, field=name)


def ensure_village(village_id: UUID) -> None:
    """Raise InvalidInput unless this is a village."""
    found = facilities.regions([village_id]).get(village_id)
    if found is None or found.level is not facilities.RegionLevel.VILLAGE:
        raise InvalidInput(N_("请从列表里选一个村"), field="village")


def clean_identifier(spec: IdentifierSpec, *, on: date) -> IdentifierSpec:
    """The document as stored. Raises InvalidInput."""
    terminology.ensure_choice("id-type", spec.kind, field="kind")
    if spec.kind == NO_DOCUMENT:
        raise InvalidInput(N_("县内编号由系统编，不能手填"), field="kind")
    return replace(
        spec,
        number=parse_number(spec.kind, spec.number, on=on),
        issued_by=normal_text(spec.issued_by, longest=60, field="issued_by"),
    )


def _ensure_agree(spec: PersonSpec, on: date) -> None:
    """An identity card tells birth and sex: what was typed beside it must say the same."""
    for each in spec.identifiers:
        told = resident_number(each.kind, each.number, on=on)
        if told is None:
            continue
        if spec.profile.birth.day != told.birth:
            raise InvalidInput(N_("出生日期和身份证号不一致，请核对"), field="birth")
        if spec.profile.sex != told.sex:
            raise InvalidInput(N_("性别和身份证号不一致，请核对"), field="sex")


def _ensure_new(actor: Actor, spec: PersonSpec, new_anyway: str, at: datetime) -> MatchRow | None:
    """Refuse a number that is taken; ask for a reason when somebody is very like. Gives that somebody."""
    for each in spec.identifiers:
        _ensure_free(actor, each)
    suspect = next((match for match in matches(actor, spec, at=at) if match.is_strong), None)
    if suspect is None:
        return None
    if not new_anyway.strip():
        raise DuplicateSuspected(name=suspect.name, score=suspect.score)
    clean_reason(new_anyway, field="new_anyway")
    return suspect


def _ensure_free(actor: Actor, spec: IdentifierSpec) -> None:
    if spec.kind in SHARED_NUMBERS:
        return
    holder = CardKey.objects.filter(kind=KeyKind.ID, value=digest(spec.number)).first()
    if holder is not None:
        raise NumberTaken(name=card(actor, canonical_id(holder.card_id)).masked_name, field="number")


def _with_number(spec: PersonSpec) -> PersonSpec:
    if spec.identifiers:
        return spec
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('residents_county_number')")
        (serial,) = cursor.fetchone()
    number = IdentifierSpec(new_id(), NO_DOCUMENT, county_number(serial), "")
    return replace(spec, identifiers=(number,))


def _registration(actor: Actor, spec: PersonSpec, at: datetime) -> Registration:
    return Registration(
        at=at,
        user_id=actor.user_id,
        institution_id=actor.institution_id,
        catchment=catchment_of(spec.village_id, local_date(at)),
    )


def catchment_of(village_id: UUID | None, on: date) -> tuple[UUID, ...]:
    """The institutions that serve a village: its clinic, and the township hospital that runs it."""
    return () if village_id is None else tuple(each.id for each in facilities.serving(village_id, on))


def _save(rows: PersonRows) -> None:
    """Card and accesses first: row security lets the rest in because of them."""
    card_id = Card.objects.create(**rows.card).pk
    RecordAccess.objects.bulk_create(RecordAccess(**row) for row in rows.accesses)
    Resident.objects.bulk_create([Resident(**rows.resident)])
    Identifier.objects.bulk_create(Identifier(**row) for row in rows.identifiers)
    _add_keys(card_id, rows.keys)


def _add_keys(card_id: UUID, keys: Iterable[tuple[str, str]]) -> None:
    CardKey.objects.bulk_create(CardKey(card_id=card_id, kind=kind, value=value) for kind, value in keys)


def _taken(error: IntegrityError) -> Conflict:
    """What a unique constraint refused: a number that somebody else wrote down a moment ago, or an id
    that was used before."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    if constraint == "residents_number_once":
        return NumberTaken(name=N_("另一个人"), field="number")
    if constraint == "residents_card_pkey":
        return Conflict(N_("这张登记表已经用过，请重新打开登记页"))
    raise error


@access.command
def add_identifier(*, actor: Actor, person_id: UUID, spec: IdentifierSpec, at: datetime) -> UUID:
    """Write down a document of a person; sent again, it answers as the first time.

    Raises NotFound, InvalidInput, NumberTaken.
    """
    actor.require("residents.write")
    record = lock_record(person_id)
    if Identifier.objects.filter(pk=spec.id, person_id=record.pk).exists():
        return spec.id
    clean = clean_identifier(spec, on=local_date(at))
    _ensure_free(actor, clean)
    try:
        with transaction.atomic():
            Identifier.objects.bulk_create(
                [
                    Identifier(
                        id=clean.id,
                        person_id=record.pk,
                        kind=clean.kind,
                        number=clean.number,
                        issued_by=clean.issued_by,
                        added_at=at,
                    )
                ]
            )
    except IntegrityError as error:
        raise _taken(error) from error
    renew_card(record)
    audit.note(
        actor,
        "residents.add_identifier",
        kind="residents.identifier",
        record_id=clean.id,
        person_id=record.pk,
        at=at,
        detail={"kind": clean.kind},
    )
    return clean.id


@access.command
def end_identifier(*, actor: Actor, identifier_id: UUID, at: datetime) -> None:
    """A document is no longer this person's (lost, expired, written down in error); its number is free.

    Nothing happens the second time. Raises NotFound.
    """
    actor.require("residents.write")
    found = Identifier.objects.filter(pk=identifier_id).first()
    if found is None:
        raise NotFound
    record = Resident.objects.select_for_update().get(pk=found.person_id)
    if not Identifier.objects.live().filter(pk=identifier_id).update(ended_at=at):
        return
    renew_card(record)
    audit.note(
        actor,
        "residents.end_identifier",
        kind="residents.identifier",
        record_id=identifier_id,
        person_id=found.person_id,
        at=at,
    )
