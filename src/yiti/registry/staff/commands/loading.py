"""Bringing the county's people at work in: once, twice, any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, models, transaction

from yiti.foundation.access import public as access
from yiti.foundation.accounts import public as accounts
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.sheets import SheetRow
from yiti.kernel.text import N_
from yiti.registry.staff.commands.known import Coming, read_known
from yiti.registry.staff.commands.planning import Plan, plan_person
from yiti.registry.staff.domain import STAFF, StaffReport, find_problems, mobile, people_of
from yiti.registry.staff.models import Licence, Posting, StaffMember

_BATCH = 2000


@access.command
def load_staff(
    *,
    actor: Actor,
    rows: Sequence[SheetRow],
    first_password_hashes: Mapping[str, str],
    at: datetime,
    coming: Coming | None = None,
    dry_run: bool = False,
) -> StaffReport:
    """Create or update people, their accounts, licences and postings by staff code.

    `rows` are of the sheet `STAFF`. A column that the file does not have stays as it is; people and
    postings that are missing stay too: a posting ends by its last day, never by its absence. Whoever
    is new signs in with the password of `first_password_hashes` (by staff code). `coming` are codes of
    institutions with those of their departments that count as known in a dry run. With `dry_run`, or
    with any problem, nothing is saved. The number of queries does not grow with the people, only with
    the institutions they work at. Raises Conflict when somebody else changed the same people just now.
    """
    actor.require("staff.manage")
    plan = Plan(may_appoint=actor.can("accounts.manage"), problems=find_problems(rows))
    people = people_of(rows)
    known = read_known(people, coming or {})
    wrong = {problem.line for problem in plan.problems}
    for person in people:
        if wrong.isdisjoint(row.line for row in person.lines):
            plan_person(plan, person, known)
    report = _report(plan, dry_run=dry_run)
    if report.saved:
        _save(actor, plan, first_password_hashes, at)
        detail: audit.Detail = {str(each): count for each, count in report.counts[STAFF.name].items()}
        audit.note(actor, "staff.load", kind="staff.member", record_id=None, at=at, detail=detail)
    return report


def _report(plan: Plan, *, dry_run: bool) -> StaffReport:
    outcomes = sorted(plan.outcomes, key=lambda each: each.line)
    return StaffReport(
        saved=not plan.problems and not dry_run,
        counts={STAFF.name: Counter(each.outcome for each in outcomes)},
        outcomes=tuple(outcomes),
        problems=tuple(sorted(plan.problems, key=lambda each: each.line)),
        newcomers={member.code: member.name for member in plan.new_members},
    )


def _save(actor: Actor, plan: Plan, hashes: Mapping[str, str], at: datetime) -> None:
    renamed = [member for member in plan.changed_members if member.user_id]
    specs = [
        accounts.AccountSpec(each.code, each.name, mobile(each.phone), hashes.get(each.code, ""))
        for each in (*plan.new_members, *renamed)
    ]
    users = accounts.save_accounts(actor, specs, at=at)
    for member in plan.new_members:
        member.user_id = users[member.code]
    try:
        with transaction.atomic():
            _save_rows(plan)
    except IntegrityError as error:
        raise Conflict(N_("这些人员刚被别人改过，请再导入一次")) from error


def _save_rows(plan: Plan) -> None:
    """A posting stops being the primary one before another becomes it, as the database demands."""
    StaffMember.objects.bulk_create(plan.new_members, batch_size=_BATCH)
    _update(plan.changed_members, ["name", "title", "phone", "initials"])
    Licence.objects.bulk_create(plan.new_licences, batch_size=_BATCH)
    _update(plan.changed_licences, ["number"])
    _update([each for each in plan.changed_postings if not each.is_primary], ["valid_until", "is_primary"])
    _update([each for each in plan.changed_postings if each.is_primary], ["valid_until", "is_primary"])
    Posting.objects.bulk_create(plan.new_postings, batch_size=_BATCH)


def _update(rows: Collection[models.Model], columns: Sequence[str]) -> None:
    if rows:
        manager = type(next(iter(rows)))._default_manager  # noqa: SLF001
        manager.bulk_update(rows, columns, batch_size=_BATCH)
