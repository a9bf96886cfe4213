from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiti.care.referrals.domain import Availability
from yiti.kernel.ids import new_id


class DownReferral(models.Model):
    """The plan a person takes home. State, sides, follower and clock stand on the handoff, whose key it
    shares. `up_handoff` is the up-referral it answers, if any; `first_visit` the first follow-up."""

    handoff = models.OneToOneField(
        "handoffs.Handoff", primary_key=True, related_name="+", on_delete=models.PROTECT
    )
    up_handoff = models.ForeignKey("handoffs.Handoff", null=True, related_name="+", on_delete=models.PROTECT)
    sent_at = models.DateTimeField()
    reason_code = models.CharField(max_length=24)
    reason_text = models.CharField(max_length=100, blank=True)
    discharge_summary = models.CharField(max_length=1000)
    treatment = models.CharField(max_length=500)
    rehabilitation = models.CharField(max_length=500, blank=True)
    warning_signs = models.CharField(max_length=500)
    lifestyle = models.CharField(max_length=500, blank=True)
    first_follow_up_date = models.DateField()
    approval_text = models.CharField(max_length=60)
    approval_rule = models.CharField(max_length=120)
    first_visit = models.OneToOneField(
        "episodes.Visit", null=True, related_name="+", on_delete=models.PROTECT
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason_code="")
                & ~Q(discharge_summary="")
                & ~Q(treatment="")
                & ~Q(warning_signs=""),
                name="referrals_down_says_what",
            ),
            models.CheckConstraint(
                condition=Q(up_handoff__isnull=True) | ~Q(up_handoff=F("handoff")),
                name="referrals_down_answers_another",
            ),
        ]


class DownDrug(models.Model):
    """A drug of the plan, in the order written. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    down = models.ForeignKey(DownReferral, related_name="+", on_delete=models.PROTECT, db_index=False)
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    dose = models.CharField(max_length=60, blank=True)
    frequency = models.CharField(max_length=8, blank=True)
    route = models.CharField(max_length=8, blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    availability = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["down", "place"], name="referrals_drug_in_order"),
            models.CheckConstraint(condition=~Q(name=""), name="referrals_drug_named"),
            models.CheckConstraint(
                condition=Q(availability__in=list(Availability)), name="referrals_drug_availability"
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=1), name="referrals_drug_days"
            ),
        ]
