"""Writing finished referrals at once: COPY as the loader role, one transaction and one audit row a batch.

Rows come from the same functions as those of the forms (`up_columns` and its kin), the history from the
transition tables (`handoffs.load_handoffs`). What is loaded is trusted: nobody's permission is asked,
nobody is told. People, episodes and visits that a story names are loaded before. Open referrals are not
loaded: commands open and move them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from yiti.care.referrals.commands.routing import diagnosis_rows, plan_route
from yiti.care.referrals.commands.sending import coded_up, up_columns, up_wish
from yiti.care.referrals.commands.sending_down import (
    coded_down,
    down_columns,
    down_wish,
    drug_rows,
    plan_down,
)
from yiti.care.referrals.domain import DownSpec, UpSpec, clean_down, clean_up
from yiti.care.referrals.loading.acts import Act
from yiti.care.referrals.selectors.rulebook import latest_follow_up
from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.registry.facilities import public as facilities
from yiti.spine.handoffs import public as handoffs

_REASONED = frozenset({"return", "decline", "cancel"})
_LATER_UP: Mapping[str, Any] = {
    "departed_at": None,
    "expected_arrival_at": None,
    "vehicle": "",
    "escort": "",
    "escort_phone": "",
    "bed_label": "",
    "visit_id": None,
    "outcome_code": "",
    "outcome_summary": "",
    "discharge_way": "",
    "outcome_at": None,
}
_LATER_DOWN: Mapping[str, Any] = {"first_visit_id": None}


@dataclass(frozen=True, slots=True)
class UpStory:
    """A finished way up: the form, who sent it when, and what happened to its end, oldest first.

    `chain_id` is the id of the first referral of its way, None for that one itself.
    """

    spec: UpSpec
    by: handoffs.Hand
    sent_at: datetime
    acts: Sequence[Act]
    chain_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DownStory:
    """A finished way down; its chain is that of the way up it answers, if any."""

    spec: DownSpec
    by: handoffs.Hand
    sent_at: datetime
    acts: Sequence[Act]
    chain_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stories:
    """What is loaded together. `make_id` hands out the ids of parts, the same again for the same seed."""

    ups: Sequence[UpStory]
    downs: Sequence[DownStory]
    make_id: Callable[[], UUID]

    def places(self) -> set[UUID]:
        """The institutions that send, and those that people are sent to."""
        ends = [(each.by, each.spec.target) for each in self.ups]
        ends += [(each.by, each.spec.target) for each in self.downs]
        return {end.institution_id for pair in ends for end in pair}


Rows = dict[str, list[dict[str, Any]]]


@access.command
def load_referrals(*, actor: Actor, stories: Stories, at: datetime) -> dict[UUID, str]:
    """COPY a batch; gives the number of each referral by its id. Only as `yiti_loader`.

    Raises InvalidInput for a form that could not have been sent, ValueError for a history that is not a
    path of its table or does not end, KeyError for an institution that does not exist.
    """
    places = facilities.institutions(stories.places())
    rows: Rows = defaultdict(list)
    loaded = [_up(each, places, rows, stories.make_id) for each in stories.ups]
    loaded += [_down(each, places, rows, stories.make_id) for each in stories.downs]
    numbers = handoffs.load_handoffs(actor, loaded, make_id=stories.make_id)
    for table, columns in rows.items():
        _copy(f"referrals_{table}", columns)
    audit.note(
        actor,
        "referrals.load_referrals",
        kind="referrals.batch",
        record_id=None,
        at=at,
        detail={"up": len(stories.ups), "down": len(stories.downs)},
    )
    return numbers


def _up(
    story: UpStory,
    places: Mapping[UUID, facilities.InstitutionRow],
    rows: Rows,
    make_id: Callable[[], UUID],
) -> handoffs.LoadedHandoff:
    spec = coded_up(clean_up(story.spec))
    here, place = places[story.by.institution_id], places[spec.target.institution_id]
    on = local_date(story.sent_at)
    route = plan_route(here, place, spec.target, urgency=spec.urgency, on=on)
    columns = up_columns(spec, route, from_id=here.id, at=story.sent_at)
    rows["upreferral"].append({**columns, **_LATER_UP, **_left_behind(story.acts)})
    rows["referraldiagnosis"] += diagnosis_rows(spec.id, spec.diagnoses, make_id=make_id)
    rows["codedreason"] += _reasons(spec.id, story.acts, make_id)
    wish = up_wish(spec, route, episode_id=spec.episode_id, chain_id=story.chain_id)
    return handoffs.LoadedHandoff(wish, story.by, story.sent_at, [each.taken for each in story.acts])


def _down(
    story: DownStory,
    places: Mapping[UUID, facilities.InstitutionRow],
    rows: Rows,
    make_id: Callable[[], UUID],
) -> handoffs.LoadedHandoff:
    here, on = places[story.by.institution_id], local_date(story.sent_at)
    latest = latest_follow_up(story.sent_at, urgency=story.spec.urgency, region=here.region_code)
    spec = coded_down(clean_down(story.spec, today=on, latest=latest))
    place = plan_down(here, places[spec.target.institution_id], urgency=spec.urgency, on=on)
    columns = down_columns(spec, place, at=story.sent_at)
    rows["downreferral"].append({**columns, **_LATER_DOWN, **_left_behind(story.acts)})
    rows["downdrug"] += [{"id": make_id(), "down_id": spec.id, **drug} for drug in drug_rows(spec)]
    rows["referraldiagnosis"] += diagnosis_rows(spec.id, spec.diagnoses, make_id=make_id)
    rows["codedreason"] += _reasons(spec.id, story.acts, make_id)
    wish = down_wish(spec, place, episode_id=spec.episode_id, chain_id=story.chain_id)
    return handoffs.LoadedHandoff(wish, story.by, story.sent_at, [each.taken for each in story.acts])


def _left_behind(acts: Sequence[Act]) -> dict[str, Any]:
    """The columns that the acts of a story set, the last word on each."""
    return {name: value for act in acts for name, value in act.columns.items()}


def _reasons(handoff_id: UUID, acts: Sequence[Act], make_id: Callable[[], UUID]) -> Iterator[dict[str, Any]]:
    """The coded reasons; the first event of a handoff opens it, so the first act is the second."""
    for seq, act in enumerate(acts, start=2):
        if act.taken.step in _REASONED:
            yield {
                "id": make_id(),
                "handoff_id": handoff_id,
                "seq": seq,
                "step": act.taken.step,
                "code": act.reason,
                "given_at": act.taken.at,
                "suggested_institution_id": None,
            }


def _copy(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """COPY rows that all have the columns of the first one, in its order."""
    if not rows:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(tuple(row.values()))
