"""What the database holds of the people of a sheet, read before any line is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from yiti.foundation.accounts import public as accounts
from yiti.kernel.errors import InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.staff.domain import PersonLines, mobile
from yiti.registry.staff.models import Licence, Posting, StaffMember

Coming = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Known:
    """People, accounts, licences and postings in nine queries, and two for each institution named."""

    members: Mapping[str, StaffMember]
    users: Mapping[str, accounts.UserRow]
    phones: Mapping[str, accounts.UserRow]
    licences: Mapping[tuple[UUID, str], Licence]
    holders: Mapping[tuple[str, str], str]
    postings: Mapping[UUID, Collection[Posting]]
    roles: Mapping[str, str]
    administrator_roles: frozenset[str]
    places: Places


@dataclass
class Places:
    """Ids of institutions and departments by code; read when first asked. `coming` are codes of
    institutions with those of their departments that the same workbook brings and that are not there yet."""

    coming: Coming
    _found: dict[str, tuple[UUID, dict[str, UUID]]] = field(default_factory=dict)

    def find(self, institution: str, department: str) -> tuple[UUID, UUID | None]:
        """The ids of an institution and, unless the code is empty, a department. Raises InvalidInput."""
        place, departments = self._place(institution)
        if not department:
            return place, None
        if department not in departments:
            raise InvalidInput(N_("这家机构没有编码为 {code} 的科室"), field="department", code=department)
        return place, departments[department]

    def _place(self, code: str) -> tuple[UUID, dict[str, UUID]]:
        if code not in self._found:
            self._found[code] = self._read(code)
        return self._found[code]

    def _read(self, code: str) -> tuple[UUID, dict[str, UUID]]:
        departments = {each: new_id() for each in self.coming.get(code, ())}
        try:
            place = facilities.institution_by_code(code).id
        except NotFound:
            if code not in self.coming:
                message = N_("没有编码为 {code} 的机构")
                raise InvalidInput(message, field="institution", code=code) from None
            return new_id(), departments
        return place, departments | {each.code: each.id for each in facilities.departments(place)}


def read_known(people: Iterable[PersonLines], coming: Coming) -> Known:
    """Lock the people who are known and read what belongs to them."""
    codes = {person.code for person in people}
    found = StaffMember.objects.select_for_update().filter(code__in=codes).order_by("code")
    members = {each.code: each for each in found}
    ids = [each.id for each in members.values()]
    return Known(
        members=members,
        users=accounts.users_by_username(codes),
        phones=accounts.users_by_phone({mobile(person.values.get("phone", "")) for person in people}),
        licences={(each.staff_id, each.kind): each for each in Licence.objects.filter(staff_id__in=ids)},
        holders=_holders({person.values.get("licence_number", "") for person in people}),
        postings=_postings(ids),
        roles=accounts.role_names(),
        administrator_roles=accounts.administrator_roles(),
        places=Places(coming),
    )


def _holders(numbers: Collection[str]) -> dict[tuple[str, str], str]:
    found: Any = Licence.objects.filter(number__in=[number for number in numbers if number])
    return {(kind, number): code for kind, number, code in found.values_list("kind", "number", "staff__code")}


def _postings(ids: Collection[UUID]) -> dict[UUID, list[Posting]]:
    found: dict[UUID, list[Posting]] = defaultdict(list)
    for posting in Posting.objects.filter(staff_id__in=ids).order_by("valid_from", "id"):
        found[posting.staff_id].append(posting)
    return found
