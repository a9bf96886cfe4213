"""For whom a record is open: every reason once, with its latest end."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from yiti.foundation.web import public as web
from yiti.kernel.clock import now
from yiti.kernel.display import full_time
from yiti.kernel.ids import new_id
from yiti.registry.residents.domain import AccessReason, AccessRow
from yiti.registry.residents.views.record import open_to

AT = now()
PLACE = new_id()


def a_row(reason: AccessReason, days: int | None) -> AccessRow:
    return AccessRow(PLACE, "县人民医院", reason, AT, None if days is None else AT + timedelta(days=days))


def test_each_reason_is_said_once_with_its_latest_end() -> None:
    rows = [a_row(AccessReason.EPISODE, days) for days in (3, 9)]
    rows += [a_row(AccessReason.REGISTERED, days) for days in (2, None)]
    ((place, reasons),) = open_to(rows)
    assert (place, reasons) == ("县人民医院", f"在诊 到 {full_time(AT + timedelta(days=9))}、建档机构")
    with translation.override("en"):
        assert "、" not in web.said(reasons)
        assert ", " in web.said(reasons)
