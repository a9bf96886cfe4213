from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.spine.episodes.domain import EpisodeState, JoinAct, VisitKind


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def of(self, person_ids: Collection[UUID]) -> EpisodeQuerySet:
        """Episodes of a person under any of their ids."""
        return self.filter(person_id__in=person_ids)

    def unfinished(self) -> EpisodeQuerySet:
        """Episodes that a visit may still join."""
        return self.exclude(state=EpisodeState.CLOSED)


class Episode(models.Model):
    """One continuous course of care of one person across institutions (FHIR EpisodeOfCare).

    `problem` is what it began with, in words; later diagnoses stand with the visits.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    problem = models.CharField(max_length=120)
    problem_code = models.CharField(max_length=10, blank=True)
    institution = models.ForeignKey(
        "facilities.Institution", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=EpisodeState.OPEN)
    last_active_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    close_reason = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    revision = models.PositiveIntegerField(default=1)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(EpisodeState)), name="episodes_state_known"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^EP-[0-9]{4}-[0-9]{4,}$"), name="episodes_number_form"
            ),
            models.CheckConstraint(condition=~Q(problem=""), name="episodes_problem_given"),
            models.CheckConstraint(
                condition=Q(state=EpisodeState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state=EpisodeState.CLOSED) & Q(closed_at__isnull=True, closed_by__isnull=True)),
                name="episodes_closed_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="episodes_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(last_active_at__gte=F("opened_at")), name="episodes_active_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(state=EpisodeState.CLOSED) & ~Q(merged_into=F("id"))),
                name="episodes_merged_is_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-last_active_at"], name="episodes_of_person"),
            models.Index(
                fields=["last_active_at"], name="episodes_idle", condition=Q(state=EpisodeState.OPEN)
            ),
        ]


class EpisodeMonth(models.Model):
    """The last running number of a month; numbers may have gaps."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.CharField(max_length=4, unique=True)
    last_number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__regex=r"^[0-9]{4}$"), name="episodes_month_form"),
        ]


class EpisodeChain(models.Model):
    """An accepted referral chain of an episode, and the institution it leads to, for as long as it does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    episode = models.ForeignKey(Episode, related_name="+", on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    chain_id = models.UUIDField()
    institution = models.ForeignKey(
        "facilities.Institution", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain_id", "institution"],
                condition=Q(until__isnull=True),
                name="episodes_chain_leads_here_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="episodes_chain_period"
            ),
        ]
        indexes = [models.Index(fields=["episode", "-since"], name="episodes_chain_latest")]


class VisitQuerySet(models.QuerySet["Visit"]):
    def of(self, person_ids: Collection[UUID]) -> VisitQuerySet:
        """Visits of a person under any of their ids."""
        return self.filter(person_id__in=person_ids)


class Visit(models.Model):
    """A person seen by an institution once, or during one stay (FHIR Encounter).

    Only the episode, the bed, the end and the revision ever change.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    episode = models.ForeignKey(Episode, related_name="+", on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=12)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    department = models.ForeignKey(
        "facilities.Department", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    staff = models.ForeignKey(
        "staff.StaffMember", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    staff_name = models.CharField(max_length=60)
    chief_complaint = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    bed = models.ForeignKey(
        "facilities.Bed", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    handoff_id = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(VisitKind)), name="episodes_visit_kind"),
            models.CheckConstraint(condition=~Q(chief_complaint=""), name="episodes_visit_has_complaint"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="episodes_visit_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="episodes_visit_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(bed__isnull=True) | Q(kind__in=[VisitKind.INPATIENT, VisitKind.EMERGENCY]),
                name="episodes_visit_bed",
            ),
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(kind=VisitKind.INPATIENT, ended_at__isnull=True),
                name="episodes_one_stay_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["handoff_id"],
                condition=Q(handoff_id__isnull=False),
                name="episodes_one_visit_per_handoff",
            ),
            models.UniqueConstraint(fields=["id", "person"], name="episodes_visit_and_person"),
        ]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="episodes_visit_of_person"),
            models.Index(fields=["episode", "-started_at"], name="episodes_visit_of_episode"),
        ]


class EpisodeJoin(models.Model):
    """How a visit came into an episode, or from one into another: rows are only added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, related_name="+", on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    episode = models.ForeignKey(Episode, related_name="+", on_delete=models.PROTECT, db_index=False)
    from_episode = models.ForeignKey(
        Episode, null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    act = models.CharField(max_length=12)
    reason = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(act__in=list(JoinAct)), name="episodes_join_act"),
            models.CheckConstraint(
                condition=~Q(act__in=[act for act in JoinAct if act.needs_reason]) | ~Q(reason=""),
                name="episodes_join_says_why",
            ),
            models.CheckConstraint(
                condition=Q(from_episode__isnull=True) | ~Q(from_episode=F("episode")),
                name="episodes_join_moves",
            ),
        ]
        indexes = [models.Index(fields=["visit", "at"], name="episodes_join_of_visit")]
