"""Bringing the county's people in from its sheet: once, twice, any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

import psycopg
from django.db import transaction
from django.db.models import F

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict
from yiti.kernel.sheets import LoadReport, SheetRow
from yiti.kernel.text import N_
from yiti.registry.residents.domain.sheet import RESIDENTS
from yiti.registry.residents.loading.copying import copy_batch
from yiti.registry.residents.loading.planning import Families, Plan, batch_of, plan_families, plan_residents
from yiti.registry.residents.models import Household

_JUST_CHANGED = N_("有人刚被别处登记了，请再导入一次")


@access.command
def load_residents(
    *,
    actor: Actor,
    rows: Sequence[SheetRow],
    at: datetime,
    coming: Collection[str] = (),
    dry_run: bool = False,
) -> LoadReport:
    """Register the people of the sheet `RESIDENTS` who are not in the index, with their households.

    Who is known by the number of the document stays as he or she is: a record is changed at the desk, not
    by a list. People are registered by the institution named, else by the clinic of their village.
    `coming` are codes and names of villages, and codes of institutions, that count as known in a dry run.
    With `dry_run`, or with any problem, nothing is saved. Saves only as `yiti_loader` (see `load_people`);
    a dry run is open to the pages. Raises Conflict when somebody registered one of them just now.
    """
    actor.require("residents.write")
    plan = plan_residents(rows, local_date(at), coming)
    families = plan_families(plan)
    report = LoadReport(
        saved=not plan.problems and not dry_run,
        counts={RESIDENTS.name: Counter(each.outcome for each in plan.outcomes)},
        outcomes=tuple(plan.outcomes),
        problems=tuple(sorted(plan.problems, key=lambda each: each.line)),
    )
    if report.saved and plan.newcomers:
        _save(actor, plan, families, at)
    return report


def _save(actor: Actor, plan: Plan, families: Families, at: datetime) -> None:
    batch = batch_of(plan, families, actor, at)
    _lock_homes(families)
    try:
        with transaction.atomic():
            copy_batch(batch)
    except psycopg.errors.UniqueViolation as error:
        raise Conflict(_JUST_CHANGED) from error
    for home, members in families.grown:
        Household.objects.filter(pk=home.pk).update(size=F("size") + len(members))
    audit.note(
        actor,
        "residents.load_residents",
        kind="residents.batch",
        record_id=None,
        at=at,
        detail={"people": len(batch.people), "households": len(batch.households)},
    )


def _lock_homes(families: Families) -> None:
    """The households that grow, held as they were when the sheet was compared with them."""
    ids = {home.pk for home, _members in families.grown}
    held = Household.objects.select_for_update().filter(pk__in=ids, ended_at__isnull=True).order_by("pk")
    if len(held) != len(ids):
        raise Conflict(_JUST_CHANGED)
