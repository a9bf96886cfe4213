from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain import Alert, Urgency

_OPEN = Q(closed_at__isnull=True)


class HandoffQuerySet(models.QuerySet["Handoff"]):
    def of_sides(self, institutions: Collection[UUID]) -> HandoffQuerySet:
        """Handoffs that one of these institutions asked for, or sees because it answers or follows up."""
        sent = Q(sent_at__isnull=False)
        return self.filter(
            Q(requester_institution__in=institutions)
            | (sent & Q(performer_institution__in=institutions))
            | (sent & Q(follower_institution__in=institutions))
        )

    def open(self) -> HandoffQuerySet:
        """Those that somebody still has to do something about."""
        return self.filter(_OPEN)

    def of_persons(self, ids: Collection[UUID]) -> HandoffQuerySet:
        """Handoffs of a person under any of their ids."""
        return self.filter(person__in=ids)

    def awaiting_clock(self, at: datetime) -> HandoffQuerySet:
        """Those whose clock must be looked at by `at`, earliest first."""
        return self.filter(wake_at__lte=at).order_by("wake_at", "id")


class Handoff(models.Model):
    """Work that one side asks of another: its present state, who holds it, its clock (FHIR Task).

    Only the engine writes here, and the database refuses a change of state or revision without the
    event that explains it (migration 0002). `parties` are the institutions that row security lets
    see it: both sides and the follower once it is sent, and whoever had it before a redirect.
    `between_institutions` is what the kind said when it was opened. Names are snapshots.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=24, unique=True)
    chain_id = models.UUIDField()
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    episode = models.ForeignKey("episodes.Episode", null=True, related_name="+", on_delete=models.PROTECT)
    urgency = models.CharField(max_length=9)
    subject = models.CharField(max_length=120)
    subject_code = models.CharField(max_length=12, blank=True)

    state = models.CharField(max_length=24)
    revision = models.PositiveIntegerField()
    waits_for = models.CharField(max_length=9, blank=True)
    opened_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    state_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    alert = models.CharField(max_length=9, default=Alert.NONE)
    soon_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    clock_step = models.CharField(max_length=24, blank=True)
    clock_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    region_code = models.CharField(max_length=12)

    requester_institution = models.ForeignKey(
        "facilities.Institution", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    requester_department = models.ForeignKey(
        "facilities.Department", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    requester_staff = models.ForeignKey(
        "staff.StaffMember", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    performer_institution = models.ForeignKey(
        "facilities.Institution", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    performer_department = models.ForeignKey(
        "facilities.Department", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    performer_staff = models.ForeignKey(
        "staff.StaffMember", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    performer_external = models.CharField(max_length=80, blank=True)
    follower_institution = models.ForeignKey(
        "facilities.Institution", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    follower_staff = models.ForeignKey(
        "staff.StaffMember", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    between_institutions = models.BooleanField()
    parties = ArrayField(models.UUIDField())

    requester_name = models.CharField(max_length=80)
    requester_level = models.CharField(max_length=8)
    performer_name = models.CharField(max_length=80)
    performer_level = models.CharField(max_length=8, blank=True)
    department_name = models.CharField(max_length=40, blank=True)
    person_name = models.CharField(max_length=50)
    person_initials = models.CharField(max_length=50, blank=True)
    person_sex = models.CharField(max_length=1)
    person_birth_date = models.DateField(null=True)
    person_place = models.CharField(max_length=150, blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(urgency__in=list(Urgency)), name="handoffs_urgency_known"),
            models.CheckConstraint(condition=Q(alert__in=list(Alert)), name="handoffs_alert_known"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="handoffs_revision_counts_events"),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(person_name=""), name="handoffs_about_somebody"
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Z]{2,4}[0-9]{8}-[0-9]{4,}$"), name="handoffs_number_form"
            ),
            models.CheckConstraint(
                condition=Q(waits_for__in=[Side.REQUESTER, Side.PERFORMER], closed_at__isnull=True)
                | Q(waits_for=Side.FOLLOWER, closed_at__isnull=True, follower_institution__isnull=False)
                | Q(waits_for="", closed_at__isnull=False),
                name="handoffs_open_waits_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(
                    closed_at__gte=F("opened_at"),
                    soon_at__isnull=True,
                    due_at__isnull=True,
                    escalate_at__isnull=True,
                    clock_at__isnull=True,
                    wake_at__isnull=True,
                ),
                name="handoffs_closed_has_no_clock",
            ),
            models.CheckConstraint(
                condition=Q(clock_at__isnull=True, clock_step="")
                | (Q(clock_at__isnull=False) & ~Q(clock_step="")),
                name="handoffs_clock_step_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(performer_institution__isnull=False, performer_external="")
                | (Q(performer_institution__isnull=True) & ~Q(performer_external="")),
                name="handoffs_one_performer",
            ),
            models.CheckConstraint(
                condition=Q(performer_institution__isnull=False)
                | Q(performer_department__isnull=True, performer_staff__isnull=True),
                name="handoffs_performer_inside",
            ),
            models.CheckConstraint(
                condition=Q(follower_institution__isnull=False) | Q(follower_staff__isnull=True),
                name="handoffs_follower_inside",
            ),
            models.CheckConstraint(
                condition=Q(between_institutions=False)
                | Q(performer_institution__isnull=True)
                | ~Q(performer_institution=F("requester_institution")),
                name="handoffs_never_to_oneself",
            ),
        ]
        indexes = [
            models.Index(fields=["requester_institution", "due_at"], name="handoffs_asked", condition=_OPEN),
            models.Index(
                fields=["performer_institution", "due_at"], name="handoffs_answering", condition=_OPEN
            ),
            models.Index(
                fields=["follower_institution", "due_at"], name="handoffs_following", condition=_OPEN
            ),
            models.Index(fields=["requester_institution", "-closed_at"], name="handoffs_asked_done"),
            models.Index(fields=["performer_institution", "-closed_at"], name="handoffs_answered_done"),
            models.Index(fields=["wake_at"], name="handoffs_wake", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["chain_id"], name="handoffs_chain"),
        ]
