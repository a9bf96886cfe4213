"""What a sheet of residents would do, worked out in memory: who is new, and who lives with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from yiti.kernel.actor import Actor
from yiti.kernel.display import mask_name
from yiti.kernel.errors import InvalidInput
from yiti.kernel.identity import Sex, tidy
from yiti.kernel.ids import new_id
from yiti.kernel.sheets import Outcome, Problem, RowOutcome, SheetRow
from yiti.kernel.text import N_
from yiti.registry.residents.domain import (
    HouseholdRows,
    HouseholdSpec,
    IdentifierSpec,
    PersonRows,
    PersonSpec,
    Registration,
    prepare_household,
    prepare_person,
)
from yiti.registry.residents.domain.sheet import (
    RESIDENTS,
    ResidentLine,
    find_misplaced,
    find_repeated,
    read_line,
)
from yiti.registry.residents.loading.copying import Batch
from yiti.registry.residents.loading.known import Desks, Homes, Villages, cards_by_number, homes_of
from yiti.registry.residents.models import Card, Household


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A line about somebody who is not in the index."""

    id: UUID
    line: ResidentLine
    village_id: UUID | None
    institution_id: UUID
    catchment: tuple[UUID, ...]


@dataclass
class Plan:
    """Who comes, who lives with whom, and what is wrong. `numbers` are all numbers of the sheet, also of
    lines that are refused; `grown` counts members by household that is there already."""

    on: date
    numbers: frozenset[str]
    newcomers: dict[str, Newcomer] = field(default_factory=dict)
    known: Mapping[str, Card] = field(default_factory=dict)
    outcomes: list[RowOutcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, error: InvalidInput) -> None:
        """Note what is wrong with a line."""
        self.problems.append(Problem(RESIDENTS.name, line, error.field or "", error.message, error.params))


def plan_residents(rows: Sequence[SheetRow], on: date, coming: Collection[str]) -> Plan:
    """Read the lines, and compare them with the index, the villages and the institutions. Villages and
    institutions of `coming` (codes, names) are taken as they are."""
    plan = Plan(on, frozenset(tidy(row.values["id_number"]) for row in rows))
    plan.problems += find_repeated(rows)
    wrong = {problem.line for problem in plan.problems}
    lines = [line for row in rows if row.line not in wrong and (line := _line(plan, row))]
    plan.problems += find_misplaced(lines)
    plan.known = cards_by_number({number for line in lines for number in (line.number, line.head) if number})
    villages, desks = Villages(), Desks(on)
    for line in lines:
        try:
            outcome = _known(plan, line) or _new(plan, line, villages, desks, coming)
        except InvalidInput as error:
            plan.refuse(line.line, error)
        else:
            plan.outcomes.append(RowOutcome(RESIDENTS.name, line.line, outcome))
    return plan


def _line(plan: Plan, row: SheetRow) -> ResidentLine | None:
    try:
        return read_line(row, on=plan.on)
    except InvalidInput as error:
        plan.refuse(row.line, error)
        return None


def _known(plan: Plan, line: ResidentLine) -> Outcome | None:
    """UNCHANGED for somebody in the index: records are changed at the desk, not by a list. A number that
    belongs to somebody else is refused."""
    card = plan.known.get(line.number)
    if card is None:
        return None
    born = line.profile.birth.day
    differs = (
        card.masked_name != mask_name(line.profile.name)
        or line.profile.sex not in (Sex.UNKNOWN, Sex(card.sex))
        or (born is not None and card.birth_year not in (None, born.year))
    )
    if differs:
        message = N_("这个证件号已登记在 {name} 名下，请核对")
        raise InvalidInput(message, field="id_number", name=card.masked_name)
    return Outcome.UNCHANGED


def _new(
    plan: Plan, line: ResidentLine, villages: Villages, desks: Desks, coming: Collection[str]
) -> Outcome:
    if line.village in coming or line.institution in coming:
        newcomer = Newcomer(new_id(), line, None, new_id(), ())
    else:
        village_id = villages.find(line.village).id if line.village else None
        institution_id = desks.registering(line.institution, village_id)
        newcomer = Newcomer(new_id(), line, village_id, institution_id, desks.catchment(village_id))
    plan.newcomers[line.number] = newcomer
    return Outcome.CREATED


@dataclass(frozen=True, slots=True)
class Families:
    """Members by head: new households, and those that are there and grow."""

    new: Mapping[str, Sequence[Newcomer]]
    grown: Sequence[tuple[Household, Sequence[Newcomer]]]


def plan_families(plan: Plan) -> Families:
    """Who lives with whom of the newcomers; a head nobody knows is a problem."""
    together: dict[str, list[Newcomer]] = defaultdict(list)
    for newcomer in plan.newcomers.values():
        if newcomer.line.head:
            members = together[newcomer.line.head]
            members += [newcomer] if newcomer.line.is_member else []
    heads = {plan.known[number].pk for number in together if number in plan.known}
    homes = homes_of(heads)
    new: dict[str, Sequence[Newcomer]] = {}
    grown: list[tuple[Household, Sequence[Newcomer]]] = []
    for number, members in together.items():
        card = plan.known.get(number)
        home = homes.headed.get(card.pk) if card else None
        if home is not None:
            grown.append((home, members))
        elif wrong := _why_not_a_head(plan, number, card, homes):
            plan.problems += [
                Problem(RESIDENTS.name, each.line.line, "head", wrong, {"code": number}) for each in members
            ]
        else:
            new[number] = members
    return Families(new, grown)


def _why_not_a_head(plan: Plan, number: str, card: Card | None, homes: Homes) -> str:
    if card is not None:
        return N_("户主已登记在别人家，请先到窗口分户") if card.pk in homes.members else ""
    return "" if number in plan.numbers else N_("户主既不在表里，也没有登记过")


def batch_of(plan: Plan, families: Families, actor: Actor, at: datetime) -> Batch:
    """The rows of a plan without problems."""
    return Batch(
        people=[_person(each, actor, at) for each in plan.newcomers.values()],
        households=[_household(plan, number, members, at) for number, members in families.new.items()],
        members=[_member(home, each, at) for home, members in families.grown for each in members],
    )


def _person(newcomer: Newcomer, actor: Actor, at: datetime) -> PersonRows:
    line = newcomer.line
    spec = PersonSpec(
        id=newcomer.id,
        profile=line.profile,
        enrolment=line.enrolment,
        village_id=newcomer.village_id,
        identifiers=(IdentifierSpec(new_id(), line.kind, line.number),),
    )
    registration = Registration(at, actor.user_id, newcomer.institution_id, newcomer.catchment)
    return prepare_person(spec, registration, make_id=new_id)


def _household(plan: Plan, number: str, members: Sequence[Newcomer], at: datetime) -> HouseholdRows:
    head = plan.newcomers.get(number)
    head_id = head.id if head else plan.known[number].pk
    village_id = head.village_id if head else plan.known[number].village_id
    places = tuple((member.id, member.line.relation) for member in members)
    spec = HouseholdSpec(new_id(), head_id, places, head.line.profile.address if head else "")
    return prepare_household(spec, village_id=village_id, at=at, make_id=new_id)


def _member(home: Household, newcomer: Newcomer, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "household_id": home.pk,
        "person_id": newcomer.id,
        "relation": newcomer.line.relation,
        "joined_at": at,
        "left_at": None,
    }
