from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.kernel.workflow import Side
from yiti.spine.handoffs.domain import Alert, Nature
from yiti.spine.handoffs.models.handoff import Handoff


class HandoffEvent(models.Model):
    """One thing that happened to a handoff. Rows are only added (migration 0002).

    `due_at` is the deadline of the wait it ended or stayed in, None where there was none; `digest` the
    fingerprint of what was asked, so that a repeat is known from another wish.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(Handoff, related_name="+", on_delete=models.PROTECT, db_index=False)
    seq = models.PositiveIntegerField()
    nature = models.CharField(max_length=6)
    step = models.CharField(max_length=24)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    side = models.CharField(max_length=9)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    user_id = models.UUIDField()
    user_name = models.CharField(max_length=60)
    institution_id = models.UUIDField()
    institution_name = models.CharField(max_length=120, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    remark = models.CharField(max_length=120, blank=True)
    undoes = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "seq"], name="handoffs_event_once"),
            models.CheckConstraint(condition=Q(nature__in=list(Nature)), name="handoffs_event_nature"),
            models.CheckConstraint(condition=Q(side__in=list(Side)), name="handoffs_event_side"),
            models.CheckConstraint(
                condition=Q(seq=1, nature=Nature.OPENED, from_state="")
                | (Q(seq__gt=1) & ~Q(nature=Nature.OPENED) & ~Q(from_state="")),
                name="handoffs_first_event_opens",
            ),
            models.CheckConstraint(
                condition=Q(nature__in=[Nature.OPENED, Nature.STEP]) | Q(from_state=F("to_state")),
                name="handoffs_only_steps_move",
            ),
            models.CheckConstraint(
                condition=Q(undoes__isnull=True) | Q(undoes__lt=F("seq")), name="handoffs_undoes_earlier"
            ),
        ]
        indexes = [
            models.Index(
                fields=["handoff", "undoes"], name="handoffs_taken_back", condition=Q(undoes__isnull=False)
            )
        ]


class HandoffMessage(models.Model):
    """A line of the talk between the sides. Rows are only added (migration 0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(Handoff, related_name="+", on_delete=models.PROTECT, db_index=False)
    side = models.CharField(max_length=9)
    at = models.DateTimeField()
    user_id = models.UUIDField()
    user_name = models.CharField(max_length=60)
    institution_id = models.UUIDField()
    institution_name = models.CharField(max_length=120)
    text = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side__in=[Side.REQUESTER, Side.PERFORMER, Side.FOLLOWER]),
                name="handoffs_message_side",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="handoffs_message_says_something"),
        ]
        indexes = [models.Index(fields=["handoff", "at"], name="handoffs_message_order")]


class HandoffNotice(models.Model):
    """Somebody at an institution should know: what the bell rings for. Rows are only added.

    It is for one person, or for a department, or for all at the institution; `permission` and
    `roles`, where given, narrow it to those who hold the permission or work in one of the roles.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(Handoff, related_name="+", on_delete=models.PROTECT, db_index=False)
    event = models.ForeignKey(
        HandoffEvent, null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    message = models.ForeignKey(
        HandoffMessage, null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    alert = models.CharField(max_length=9, default=Alert.NONE)
    at = models.DateTimeField()
    institution_id = models.UUIDField()
    department_id = models.UUIDField(null=True)
    staff_id = models.UUIDField(null=True)
    permission = models.CharField(max_length=60, blank=True)
    roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(event__isnull=False, message__isnull=True)
                | Q(event__isnull=True, message__isnull=False),
                name="handoffs_notice_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(alert__in=list(Alert)), name="handoffs_notice_alert"),
        ]
        indexes = [models.Index(fields=["institution_id", "-at"], name="handoffs_notice_latest")]


class BellMark(models.Model):
    """Until when a user has read the bell."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField(unique=True)
    read_until = models.DateTimeField()


class NumberSeries(models.Model):
    """The last number of a kind and day. Handing one out locks the row, so none is given twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prefix = models.CharField(max_length=4)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "day"], name="handoffs_series_once")]
