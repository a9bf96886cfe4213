"""A machine that does anything anybody may try, in any order: every history stays a path of its table, a
refusal changes nothing, and every open handoff stands in exactly one work list of each side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from yiti.foundation.access import public as access
from yiti.kernel.actor import SYSTEM, Actor
from yiti.kernel.errors import DomainError
from yiti.registry.facilities.domain import Kind
from yiti.registry.facilities.tests.builders import NOON, a_department, an_institution
from yiti.registry.residents import public as residents
from yiti.spine.handoffs import public as handoffs
from yiti.spine.handoffs.commands.clock import strike
from yiti.spine.handoffs.domain import sides_of
from yiti.spine.handoffs.domain.lists import Desk
from yiti.spine.handoffs.models import Handoff
from yiti.spine.handoffs.selectors import log_of
from yiti.spine.handoffs.selectors.holding import NOTHING, at_desk
from yiti.spine.handoffs.tests.builders import World, a_world, opened, somebody_at
from yiti.spine.handoffs.tests.toys import ANSWER, ASK, DRAFTED, ERRAND, FOLLOW, SEE

pytestmark = pytest.mark.django_db

LONG_AGO = NOON - timedelta(
    days=90
)  # the database closes records by its own clock, so no play ends ahead of it
STEPS = sorted({step.name for kind in (ERRAND, DRAFTED) for step in kind.workflow.steps})


class Stage:
    """The people of the play and what they may mention."""

    def __init__(self, world: World) -> None:
        self.world = world
        surgery = a_department(world.hospital, name="外科")
        elsewhere, home = an_institution(Kind.COUNTY_TCM), an_institution(Kind.VILLAGE_CLINIC)
        self.people: Sequence[Actor] = (
            world.asker,
            somebody_at(world.clinic, ASK, SEE),
            world.answerer,
            somebody_at(world.hospital, ANSWER, SEE, room=world.ward),
            somebody_at(world.hospital, ANSWER, SEE, room=surgery),
            somebody_at(elsewhere, ANSWER, SEE),
            somebody_at(home, FOLLOW, SEE),
            somebody_at(an_institution(), ASK, ANSWER, FOLLOW, SEE),
            somebody_at(world.hospital, SEE),
        )
        self.details: dict[str, Sequence[Any]] = {
            "bed_id": ("12", "14"),
            "comment": ("已补", ""),
            "reason_code": ("01",),
            "performer_department_id": (world.ward.pk, surgery.pk),
            "performer_institution_id": (elsewhere.pk, world.hospital.pk, world.clinic.pk),
            "performer_staff_id": (world.answerer.staff_id,),
            "follower_institution_id": (home.pk,),
        }


class Machine(RuleBasedStateMachine):
    """One handoff, and everybody at it."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = LONG_AGO

    @initialize(drafted=st.booleans(), urgency=st.sampled_from(list(handoffs.Urgency)), ward=st.booleans())
    def open(self, drafted: bool, urgency: handoffs.Urgency, ward: bool) -> None:
        world = self.stage.world
        self.kind = DRAFTED if drafted else ERRAND
        row = opened(
            world,
            at=self.now,
            kind=self.kind.code,
            urgency=urgency,
            performer_department_id=world.ward.pk if ward else None,
        )
        self.row, self.seen = row, [1]

    @rule(data=st.data(), step=st.sampled_from(STEPS), minutes=st.integers(0, 90))
    def anybody_tries_anything(self, data: st.DataObject, step: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        actor = data.draw(st.sampled_from(self.stage.people))
        seen = data.draw(st.sampled_from([None, *self.seen]))
        self._try(actor, step, self._details(data, step), seen)

    @rule(data=st.data(), minutes=st.integers(0, 90))
    def somebody_does_what_is_offered(self, data: st.DataObject, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        actor = data.draw(st.sampled_from([who for who in self.stage.people if sides_of(self.row, who)]))
        if offers := handoffs.available(actor, self.row.id):
            step = data.draw(st.sampled_from(offers)).step
            self._try(actor, step, self._details(data, step), self.seen[-1])

    @rule(minutes=st.sampled_from([5, 30, 60, 600, 5000]))
    def time_passes_and_the_clock_strikes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        with access.scoped(self.stage.world.asker):
            strike.__wrapped__(actor=SYSTEM, handoff_ids=[self.row.id], at=self.now)  # type: ignore[attr-defined]
        self.row = self._read()
        self.seen.append(self.row.revision)

    @invariant()
    def the_history_is_a_path_of_the_table(self) -> None:
        row = self.row
        with access.scoped(self.stage.world.asker):
            log = log_of(row.id)
        assert history_ok(row, log)
        assert row.revision == len(log)

    @invariant()
    def those_who_are_to_act_may_open_the_record(self) -> None:
        row = self.row
        asked = (row.performer_institution_id, row.follower_institution_id) if row.sent_at else ()
        accesses = residents.who_may_see(self.stage.world.asker, row.person_id, at=self.now)
        given = {each.institution_id for each in accesses if each.reason is residents.AccessReason.HANDOFF}
        wanted = {row.requester_institution_id, *(each for each in asked if each)} if row.is_open else set()
        assert given == wanted

    def teardown(self) -> None:
        try:
            self._each_side_is_in_one_list()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def _each_side_is_in_one_list(self) -> None:
        """Against brute force: the holders as the pure function has them."""
        row = self.row
        desks = [(actor, desk) for actor in self.stage.people for desk in Desk]
        asked = {f"n{n}": Count("id", filter=at_desk(*each)) for n, each in enumerate(desks)}
        with access.scoped(self.stage.world.asker):
            found = Handoff.objects.open().filter(id=row.id).aggregate(**asked)
        for n, (actor, desk) in enumerate(desks):
            assert found[f"n{n}"] == int(row.is_open and holds(actor, desk, row)), (
                actor.name,
                desk,
                row.state,
            )

    def _read(self) -> handoffs.HandoffRow:
        return handoffs.detail(self.stage.world.asker, self.row.id)

    def _details(self, data: st.DataObject, step: str) -> dict[str, Any]:
        if step not in self.kind.steps:
            return {}
        needs = {name for each in self.kind.workflow.steps if each.name == step for name in each.needs}
        known = sorted((needs | self.kind.steps[step].sets) & set(self.stage.details))
        some = data.draw(st.sets(st.sampled_from(known))) if known else set()
        return {
            name: data.draw(st.sampled_from(list(self.stage.details[name]))) for name in sorted(some | needs)
        }

    def _try(self, actor: Actor, step: str, details: dict[str, Any], revision: int | None) -> None:
        before = self.row
        try:
            with access.scoped(actor):
                done = handoffs.advance(
                    actor, before.id, step, at=self.now, revision=revision, details=details
                )
        except DomainError:
            assert self._read() == before, "a refusal changed something"
            return
        self.row = self._read()
        self.seen.append(self.row.revision)
        if done.repeated:
            assert self.row == before, "a repeat changed something"
            return
        found = self.kind.workflow.find(before.state, step)
        assert found is not None
        assert (self.row.state, self.row.revision) == (found.target, before.revision + 1)
        assert revision is None or revision <= before.revision


def history_ok(row: handoffs.HandoffRow, log: Sequence[handoffs.Logged]) -> bool:
    """Whether the log explains the handoff; says what does not fit."""
    faults = handoffs.history_faults(row.kind, log, state=row.state, revision=row.revision)
    assert faults == []
    return True


def holds(actor: Actor, desk: Desk, row: handoffs.HandoffRow) -> bool:
    """Whether this desk is among the holders; somebody posted to no department stands for all."""
    wanted = {
        Desk.MINE: (handoffs.Post.PERSON, actor.staff_id),
        Desk.DEPARTMENT: (handoffs.Post.DEPARTMENT, actor.department_id),
        Desk.UNCLAIMED: (handoffs.Post.INSTITUTION, actor.institution_id),
    }[desk]
    theirs = [each for each in handoffs.holders(row) if each.institution_id == actor.institution_id]
    if desk is Desk.DEPARTMENT and actor.department_id is None:
        return any(each.post is handoffs.Post.DEPARTMENT for each in theirs)
    return any((each.post, each.id) == wanted for each in theirs)


def run(examples: int, *, phases: Collection[Phase] = tuple(Phase)) -> None:
    """So many runs in a world of their own."""
    machine = type("Play", (Machine,), {"stage": Stage(a_world())})
    how = settings(max_examples=examples, stateful_step_count=8, deadline=None, database=None, phases=phases)
    run_state_machine_as_test(machine, settings=how)


def test_plays() -> None:
    run(30)


@pytest.mark.prove
def test_five_hundred_plays(proof: Callable[..., None]) -> None:
    run(500)
    proof("handoff-plays", runs=500, steps_a_run=8, histories_off_the_table=0, lists_not_exactly_one=0)


def test_the_machine_notices_a_list_that_forgets_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a list that gives the wards what the referral centre answers."""
    monkeypatch.setattr("yiti.spine.handoffs.selectors.holding._answered_at_desk", lambda: NOTHING)
    with pytest.raises(AssertionError):
        run(100, phases=[Phase.generate])


def test_the_machine_notices_an_engine_that_keeps_a_record_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: accesses are given and never ended."""
    monkeypatch.setattr("yiti.spine.handoffs.commands.addressing.residents.end_access", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        run(100, phases=[Phase.generate])
