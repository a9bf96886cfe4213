"""What a sheet would do to one person after another, worked out in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yiti.kernel.errors import InvalidInput
from yiti.kernel.pinyin import initials
from yiti.kernel.sheets import Outcome, Problem, RowOutcome
from yiti.kernel.text import N_
from yiti.registry.staff.commands.known import Known
from yiti.registry.staff.domain import STAFF, PersonLines, mobile, overlapping
from yiti.registry.staff.models import Licence, Posting, StaffMember

_LONGEST_INITIALS = 40


@dataclass
class Plan:
    """Rows to be written, and what became of each line. `may_appoint`: administrators too."""

    may_appoint: bool
    new_members: list[StaffMember] = field(default_factory=list)
    changed_members: list[StaffMember] = field(default_factory=list)
    new_licences: list[Licence] = field(default_factory=list)
    changed_licences: list[Licence] = field(default_factory=list)
    new_postings: list[Posting] = field(default_factory=list)
    changed_postings: list[Posting] = field(default_factory=list)
    outcomes: list[RowOutcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, column: str, message: str, **params: object) -> None:
        """Note what is wrong with a line."""
        self.problems.append(Problem(STAFF.name, line, column, message, params))


@dataclass
class _Place:
    """A posting of the person as it will be; `line` tells of it, `wanted` is what it says of 主岗."""

    posting: Posting
    line: int | None = None
    wanted: bool | None = None
    outcome: Outcome = Outcome.UNCHANGED

    @property
    def is_open(self) -> bool:
        return self.posting.valid_until is None

    def set(self, **values: Any) -> None:
        """Give the posting other values; it counts as changed when they are."""
        for name, value in values.items():
            if getattr(self.posting, name) != value:
                setattr(self.posting, name, value)
                self.outcome = max(self.outcome, Outcome.CHANGED, key=_rank)


def plan_person(plan: Plan, person: PersonLines, known: Known) -> None:
    """Add one person to the plan: name and account, licence, postings."""
    member, outcome = _member(plan, person, known)
    outcome = max(outcome, _licence(plan, person, member, known), key=_rank)
    places = list(_places(plan, person, member, known))
    _choose_primary(places)
    _check_administrators(plan, places, known)
    plan.problems += overlapping(
        [(p.line, _post(p.posting), p.posting.valid_from, p.posting.valid_until) for p in places]
    )
    plan.new_postings += [p.posting for p in places if p.outcome is Outcome.CREATED]
    plan.changed_postings += [p.posting for p in places if p.outcome is Outcome.CHANGED]
    lines = {p.line: p.outcome for p in places if p.line is not None}
    # What changes without a line of its own (another posting stops being the primary one) shows in the first.
    elsewhere = [p.outcome for p in places if p.line is None]
    first = max([outcome, lines.get(person.first_line, outcome), *elsewhere], key=_rank)
    for row in person.lines:
        became = first if row.line == person.first_line else lines.get(row.line, Outcome.UNCHANGED)
        plan.outcomes.append(RowOutcome(STAFF.name, row.line, became))


def _rank(outcome: Outcome) -> int:
    return (Outcome.UNCHANGED, Outcome.CHANGED, Outcome.CREATED).index(outcome)


def _member(plan: Plan, person: PersonLines, known: Known) -> tuple[StaffMember, Outcome]:
    values: dict[str, Any] = {
        name: person.values[name] for name in ("name", "title", "phone") if name in person.values
    }
    values["initials"] = initials(values["name"])[:_LONGEST_INITIALS]
    _check_phone(plan, person, known)
    member = known.members.get(person.code)
    if member is None:
        if person.code in known.users:
            plan.refuse(person.first_line, "code", N_("工号 {code} 已有账号"), code=person.code)
        member = StaffMember(code=person.code, **values)
        plan.new_members.append(member)
        return member, Outcome.CREATED
    if all(getattr(member, name) == value for name, value in values.items()):
        return member, Outcome.UNCHANGED
    for name, value in values.items():
        setattr(member, name, value)
    plan.changed_members.append(member)
    return member, Outcome.CHANGED


def _check_phone(plan: Plan, person: PersonLines, known: Known) -> None:
    """A mobile number opens one account. Numbers that change hands within the sheet are let pass here."""
    number = mobile(person.values.get("phone", ""))
    other = known.phones.get(number)
    if other is not None and other.username not in {person.code, *known.members}:
        plan.refuse(person.first_line, "phone", N_("这个手机号已登记在工号 {code} 上"), code=other.username)


def _licence(plan: Plan, person: PersonLines, member: StaffMember, known: Known) -> Outcome:
    kind, number = person.values.get("licence"), person.values.get("licence_number", "")
    if kind is None:
        return Outcome.UNCHANGED
    if number and known.holders.get((kind, number), person.code) != person.code:
        holder = known.holders[kind, number]
        plan.refuse(
            person.first_line, "licence_number", N_("这个执业证号已登记在工号 {code} 上"), code=holder
        )
    held = known.licences.get((member.id, kind))
    if held is None:
        plan.new_licences.append(Licence(staff=member, kind=kind, number=number))
        return Outcome.CHANGED
    if not number or held.number == number:
        return Outcome.UNCHANGED
    held.number = number
    plan.changed_licences.append(held)
    return Outcome.CHANGED


def _places(plan: Plan, person: PersonLines, member: StaffMember, known: Known) -> Iterator[_Place]:
    """The person's postings: those that are known, as the lines change them, and the new ones."""
    before = {_key(each): _Place(each) for each in known.postings.get(member.id, ())}
    for row in person.lines:
        try:
            posting = _posting(member, row.values, known)
        except InvalidInput as error:
            plan.refuse(row.line, error.field or "", error.message, **error.params)
            continue
        place = before.pop(_key(posting), None)
        if place is None:
            place = _Place(posting, outcome=Outcome.CREATED)
        elif row.values.get("valid_until"):
            place.set(valid_until=row.values["valid_until"])
        place.line, place.wanted = row.line, row.values.get("is_primary")
        yield place
    yield from before.values()


def _posting(member: StaffMember, values: Mapping[str, Any], known: Known) -> Posting:
    """The posting of a line, not saved. Raises InvalidInput for a place or role nobody knows."""
    institution_id, department_id = known.places.find(values["institution"], values.get("department", ""))
    if values["role"] not in known.roles:
        raise InvalidInput(N_("没有“{code}”这个角色"), field="role", code=values["role"])
    return Posting(
        staff=member,
        institution_id=institution_id,
        department_id=department_id,
        role_id=values["role"],
        valid_from=values["valid_from"],
        valid_until=values.get("valid_until"),
        is_primary=False,
    )


def _check_administrators(plan: Plan, places: list[_Place], known: Known) -> None:
    """Of the three administrators each watches the others: nobody is two of them, and who brings people in
    appoints none unless the accounts are his to manage as well (at the server, with `yiti import`)."""
    held = [p for p in places if p.is_open and p.posting.role_id in known.administrator_roles]
    new = [p for p in held if p.line is not None and p.outcome is Outcome.CREATED]
    if new and not plan.may_appoint:
        message = N_("三员（系统、安全、审计管理员）不能在这里任命，请两人到服务器上用 yiti import")
        plan.refuse(new[0].line or 0, "role", message)
    if len({p.posting.role_id for p in held}) > 1:
        place = next((p for p in reversed(held) if p.line is not None), None)
        if place is not None:
            plan.refuse(place.line or 0, "role", N_("一个人不能同时是系统、安全、审计管理员中的两个"))


def _post(posting: Posting) -> tuple[UUID, UUID | None, str]:
    return posting.institution_id, posting.department_id, posting.role_id


def _key(posting: Posting) -> tuple[Any, ...]:
    return *_post(posting), posting.valid_from


def _choose_primary(places: list[_Place]) -> None:
    """Settle which open posting is the primary one: the one marked 是, else the one that is it already and
    is not marked 否, else the first new one that is not marked."""
    still_open = [place for place in places if place.is_open]
    marked = [place for place in still_open if place.wanted]
    already = [place for place in still_open if place.posting.is_primary and place.wanted is not False]
    unmarked = [p for p in still_open if p.wanted is None and p.outcome is Outcome.CREATED]
    chosen = next(iter([*marked, *already, *unmarked]), None)
    for place in still_open:
        place.set(is_primary=place is chosen)
