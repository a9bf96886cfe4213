from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yiti.foundation.audit.domain import Outcome
from yiti.kernel.actor import Purpose
from yiti.kernel.ids import new_id


class AuditEntry(models.Model):
    """One act of one user. The migration takes UPDATE and DELETE from every role but the owner."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    request_id = models.CharField(max_length=36, blank=True)
    user_id = models.UUIDField()
    user_name = models.CharField(max_length=60)
    posting_id = models.UUIDField(null=True)
    institution_id = models.UUIDField()
    institution_name = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=80)
    purpose = models.CharField(max_length=12)
    outcome = models.CharField(max_length=8)
    kind = models.CharField(max_length=60, blank=True)
    record_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    detail = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=list(Outcome)), name="audit_outcome_known"),
            models.CheckConstraint(condition=models.Q(purpose__in=list(Purpose)), name="audit_purpose_known"),
        ]
        indexes = [
            models.Index(fields=["person_id", "-at"], name="audit_person_at"),
            models.Index(fields=["user_id", "-at"], name="audit_user_at"),
            models.Index(fields=["-at"], name="audit_at"),
            models.Index(
                fields=["-at"], name="audit_refused_at", condition=models.Q(outcome=Outcome.REFUSED)
            ),
        ]


class UserDayCount(models.Model):
    """A finished day of a user in numbers (`domain.UserDay`): counted once by the worker, so that nobody
    has to count millions of entries for a page. Days without a row are counted when they are asked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField()
    day = models.DateField()
    user_name = models.CharField(max_length=60)
    institution_name = models.CharField(max_length=120, blank=True)
    people = models.PositiveIntegerField()
    searches = models.PositiveIntegerField()
    night = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "user_id"], name="audit_user_day_once")]
        indexes = [models.Index(fields=["user_id", "day"], name="audit_user_day")]


class Unsealed(models.Model):
    """An entry that no seal covers yet. A trigger adds the row with the entry; only sealing takes it away."""

    entry_id = models.UUIDField(primary_key=True, editable=False)


class Seal(models.Model):
    """A link of the chain (`domain.SealRow`). Nobody but the worker adds one, nobody changes one."""

    number = models.BigIntegerField(primary_key=True, editable=False)
    entry_ids = ArrayField(models.UUIDField())
    digests = models.BinaryField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()
