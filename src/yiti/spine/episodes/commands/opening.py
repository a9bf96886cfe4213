"""A visit begins: it joins an episode or opens one, and the institution may open the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from yiti.foundation.access import public as access
from yiti.foundation.audit import public as audit
from yiti.foundation.drafts import public as drafts
from yiti.foundation.outbox import public as outbox
from yiti.foundation.rules import public as rules
from yiti.kernel.actor import Actor
from yiti.kernel.clock import local_date
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.kernel.ids import new_id
from yiti.kernel.text import N_
from yiti.registry.facilities import public as facilities
from yiti.registry.residents import public as residents
from yiti.spine.episodes.commands.locks import key_of, lock_person, touch_episode, writer
from yiti.spine.episodes.commands.writing import add_content, clean_reason, worded
from yiti.spine.episodes.domain import (
    EpisodeOpened,
    JoinAct,
    Joining,
    VisitStarted,
    choose_episode,
    format_number,
)
from yiti.spine.episodes.domain import preparing as rows
from yiti.spine.episodes.domain.preparing import Move
from yiti.spine.episodes.domain.specs import LONGEST_COMPLAINT, DiagnosisSpec, VisitContent, VisitOpening
from yiti.spine.episodes.domain.texts import clean_line
from yiti.spine.episodes.models import Episode, EpisodeJoin, Visit
from yiti.spine.episodes.selectors.episodes import candidates, joining_rule

VISIT = "episodes.visit"
DRAFT = "episodes-visit"


@access.command
def open_visit(*, actor: Actor, opening: VisitOpening, content: VisitContent, at: datetime) -> UUID:
    """Begin a visit at the actor's institution with what is written at once; gives its id.

    The visit joins an episode by decision 28, or as the doctor chose (with a reason), or opens one. The
    institution may open the person's record from now on, and the writer's draft of the form goes. A second
    submit of the same `opening.id` changes nothing. Raises NotFound for an unknown person, Conflict for one
    recorded as dead or already in hospital here, InvalidInput (with its field) and StaleRevision for what
    was written.
    """
    actor.require("episodes.write")
    visit = _begin(actor, opening, main_code=content.main_code, at=at)
    if visit is not None:
        add_content(actor, visit, content, at=at)
        drafts.discard_draft(actor, form=DRAFT, subject=str(opening.person_id), at=at)
        audit.note(
            actor,
            "episodes.open_visit",
            kind=VISIT,
            record_id=visit.id,
            person_id=visit.person_id,
            at=at,
            detail={"episode": str(visit.episode_id), "kind": visit.kind},
        )
    return opening.id


def begin_visit(actor: Actor, opening: VisitOpening, *, at: datetime) -> UUID:
    """Begin a visit inside another room's command (arrival of a referral, a follow-up); gives its id.

    Participant: the caller has checked the permission and writes the audit row, and occupies the bed if
    `opening.bed_id` names one. With `opening.origin` the visit joins the episode of that chain. A repeat
    with the same id changes nothing. Raises as `open_visit`.
    """
    access.ensure_in_transaction()
    _begin(actor, opening, main_code="", at=at)
    return opening.id


def _begin(actor: Actor, opening: VisitOpening, *, main_code: str, at: datetime) -> Visit | None:
    """The new visit, or None when it is there already."""
    person_id = residents.canonical_id(opening.person_id)
    lock_person(person_id)
    if _is_repeat(actor, opening):
        return None
    opening = _checked(replace(opening, person_id=person_id), actor)
    residents.grant_access(
        actor,
        person_id,
        {actor.institution_id: opening.id},
        reason=residents.AccessReason.EPISODE,
        for_kind=VISIT,
        at=at,
    )
    move, problem = _placed(actor, opening, main_code, at)
    if problem is not None:
        _open_episode(actor, opening, move.episode_id, problem, at)
    else:
        touch_episode(move.episode_id, at)
    visit = _insert(rows.visit_columns(opening, episode_id=move.episode_id, writer=writer(actor, at)))
    EpisodeJoin.objects.create(
        **rows.join_columns(key_of(visit), move, row_id=new_id(), writer=writer(actor, at))
    )
    outbox.record(VisitStarted(visit.id, visit.episode_id, person_id, visit.institution_id, visit.kind, at))
    return visit


def _is_repeat(actor: Actor, opening: VisitOpening) -> bool:
    there = Visit.objects.filter(id=opening.id).values_list("institution_id", "person_id").first()
    if there is None:
        return False
    if there[0] != actor.institution_id or opening.person_id not in residents.aliases(there[1]):
        raise NotFound
    return True


def _checked(opening: VisitOpening, actor: Actor) -> VisitOpening:
    """The opening as stored. Raises NotFound, Conflict, InvalidInput."""
    card = residents.cards(actor, [opening.person_id]).get(opening.person_id)
    if card is None:
        raise NotFound
    if card.is_deceased:
        raise Conflict(N_("此人已登记死亡，不能新建就诊"))
    complaint = clean_line(opening.chief_complaint, longest=LONGEST_COMPLAINT, field="chief_complaint")
    if not complaint:
        raise InvalidInput(N_("请写主诉，例如：胸闷 3 天"), field="chief_complaint")
    if opening.department_id is not None:
        room = facilities.departments_by_id([opening.department_id]).get(opening.department_id)
        if room is None or room.institution_id != actor.institution_id:
            raise InvalidInput(N_("请选本机构的科室"), field="department")
    return replace(opening, chief_complaint=complaint)


def _placed(
    actor: Actor, opening: VisitOpening, main_code: str, at: datetime
) -> tuple[Move, DiagnosisSpec | None]:
    """Where the visit goes; for a new episode also its problem (the complaint, if nothing is diagnosed)."""
    rule = joining_rule(actor.institution_id, at)
    chain_id = opening.origin.chain_id if opening.origin else None
    aliases = residents.aliases(opening.person_id)
    found = [each for _, each in candidates(actor.institution_id, aliases, chain_id=chain_id)]
    known = {each.episode_id for each in found}
    joining = choose_episode(found, problem_code=main_code, at=at, joining_days=rule.integer())
    move = _move(opening, joining, rule, known)
    if move.episode_id in known:
        return move, None
    named = worded(DiagnosisSpec(main_code)) if main_code else DiagnosisSpec("", text=opening.chief_complaint)
    return move, named


def _move(opening: VisitOpening, joining: Joining, rule: rules.Rule, known: set[UUID]) -> Move:
    choice = opening.choice
    if choice is None or choice.episode_id == joining.episode_id:
        named = rule.reference if joining.act is JoinAct.SAME_PROBLEM else ""
        return Move(joining.act, joining.episode_id or new_id(), rule=named)
    if choice.episode_id is not None and choice.episode_id not in known:
        raise Conflict(N_("选的过程已经关闭，请重新选"), field="episode")
    reason = clean_reason(choice.reason, field="join_reason")
    return Move(JoinAct.CHOSEN, choice.episode_id or new_id(), reason=reason)


def _open_episode(
    actor: Actor, opening: VisitOpening, episode_id: UUID, problem: DiagnosisSpec, at: datetime
) -> None:
    Episode.objects.create(
        **rows.episode_columns(
            opening,
            row_id=episode_id,
            number=next_number(at),
            problem=problem.text,
            problem_code=problem.code,
            writer=writer(actor, at),
        )
    )
    outbox.record(EpisodeOpened(episode_id, opening.person_id, actor.institution_id, at))


def next_number(at: datetime) -> str:
    """The next number of the month of `at`; other new episodes of that month wait for this transaction."""
    return format_number(at, take_numbers(f"{local_date(at):%y%m}", 1))


def take_numbers(month: str, count: int) -> int:
    """Take that many running numbers of a month (`2611`) in a row; gives the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO episodes_episodemonth (id, month, last_number) VALUES (%s, %s, %s)"
            " ON CONFLICT (month) DO UPDATE"
            " SET last_number = episodes_episodemonth.last_number + EXCLUDED.last_number"
            " RETURNING last_number",
            [new_id(), month, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1


def _insert(columns: rows.Columns) -> Visit:
    try:
        with transaction.atomic():
            return Visit.objects.create(**columns)
    except IntegrityError as error:
        name = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if name == "episodes_one_stay_at_a_time":
            raise Conflict(N_("此人正在本机构住院，请在那次住院里写")) from error
        if name == "episodes_one_visit_per_handoff":
            raise Conflict(N_("这张单子已经登记过到院")) from error
        if name == "episodes_visit_pkey":
            raise NotFound from error
        raise
