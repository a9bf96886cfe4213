from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiti.care.referrals.domain import PrintCopy
from yiti.kernel.ids import new_id

_REASONED = ("return", "decline", "cancel")


class ReferralDiagnosis(models.Model):
    """A diagnosis of a referral, in the order written; the first is the main one. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(
        "handoffs.Handoff", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    text = models.CharField(max_length=120)
    is_main = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "place"], name="referrals_diagnosis_in_order"),
            models.UniqueConstraint(fields=["handoff", "code"], name="referrals_diagnosis_once"),
            models.CheckConstraint(
                condition=Q(is_main=True, place=1) | Q(is_main=False, place__gt=1),
                name="referrals_first_diagnosis_is_main",
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(text=""), name="referrals_diagnosis_named"),
        ]


class CodedReason(models.Model):
    """Why a referral was returned, declined or cancelled, by code: `seq` is the handoff's event that did
    it, and `suggested_institution` where else the person might go. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(
        "handoffs.Handoff", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    seq = models.PositiveIntegerField()
    step = models.CharField(max_length=8)
    code = models.CharField(max_length=24)
    given_at = models.DateTimeField()
    suggested_institution = models.ForeignKey(
        "facilities.Institution", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "seq"], name="referrals_reason_once"),
            models.CheckConstraint(condition=Q(step__in=_REASONED), name="referrals_reason_of_a_step"),
            models.CheckConstraint(condition=~Q(code=""), name="referrals_reason_coded"),
            models.CheckConstraint(
                condition=Q(suggested_institution__isnull=True) | Q(step="decline"),
                name="referrals_only_a_refusal_suggests",
            ),
        ]


class PrintLog(models.Model):
    """Somebody printed a referral: `number` counts the prints of that copy. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    handoff = models.ForeignKey(
        "handoffs.Handoff", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    copy = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    printed_at = models.DateTimeField()
    user_id = models.UUIDField()
    user_name = models.CharField(max_length=60)
    institution_id = models.UUIDField()
    institution_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handoff", "copy", "number"], name="referrals_print_numbered"),
            models.CheckConstraint(condition=Q(copy__in=list(PrintCopy)), name="referrals_print_copy"),
            models.CheckConstraint(condition=Q(number__gte=1), name="referrals_print_counts"),
        ]
