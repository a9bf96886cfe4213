from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiti.care.referrals.domain import CASE_WORDS, Way
from yiti.kernel.ids import new_id


class UpReferral(models.Model):
    """What an up-referral is about (WS 365 5.2.18). Its state, sides and clock stand on the handoff, whose
    key it shares.

    `from_institution` and `sent_at` are copies of what never changes there: the one for the constraint
    below, both for figures by sender and month. `target_*` is where the person is to go: the performer,
    or a hospital outside for which the county's referral centre acts. `approver_role` is "" where
    nobody had to agree. `bed_label` is the bed as it was called when it was held or taken.
    """

    handoff = models.OneToOneField(
        "handoffs.Handoff", primary_key=True, related_name="+", on_delete=models.PROTECT
    )
    from_institution = models.ForeignKey(
        "facilities.Institution", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    sent_at = models.DateTimeField()
    way = models.CharField(max_length=6)
    reason_code = models.CharField(max_length=24)
    reason_text = models.CharField(max_length=100, blank=True)

    summary = models.CharField(max_length=500)
    past_history = models.CharField(max_length=500, blank=True)
    treatments = models.CharField(max_length=500, blank=True)
    medications = models.CharField(max_length=500, blank=True)
    results = models.CharField(max_length=500, blank=True)
    precautions = models.CharField(max_length=500, blank=True)

    contact_name = models.CharField(max_length=50, blank=True)
    contact_phone = models.CharField(max_length=20)
    contact_relation = models.CharField(max_length=4, blank=True)
    consent_at = models.DateTimeField(null=True)

    target_institution = models.ForeignKey(
        "facilities.Institution", related_name="+", on_delete=models.PROTECT, db_index=False
    )
    target_department = models.ForeignKey(
        "facilities.Department", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )
    target_specialty = models.CharField(max_length=8, blank=True)
    target_department_text = models.CharField(max_length=40, blank=True)
    approval_text = models.CharField(max_length=60)
    approval_rule = models.CharField(max_length=120)
    approver_role = models.CharField(max_length=40, blank=True)
    valid_until = models.DateTimeField()

    transport_code = models.CharField(max_length=24, blank=True)
    departed_at = models.DateTimeField(null=True)
    expected_arrival_at = models.DateTimeField(null=True)
    vehicle = models.CharField(max_length=40, blank=True)
    escort = models.CharField(max_length=50, blank=True)
    escort_phone = models.CharField(max_length=20, blank=True)

    bed_label = models.CharField(max_length=12, blank=True)
    visit = models.OneToOneField("episodes.Visit", null=True, related_name="+", on_delete=models.PROTECT)
    outcome_code = models.CharField(max_length=4, blank=True)
    outcome_summary = models.CharField(max_length=2000, blank=True)
    discharge_way = models.CharField(max_length=1, blank=True)
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=[Way.UP, Way.ACROSS, Way.OUT]), name="referrals_up_way"
            ),
            models.CheckConstraint(
                condition=~Q(reason_code="") & ~Q(summary="") & ~Q(contact_phone=""),
                name="referrals_up_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(target_institution=F("from_institution")), name="referrals_never_to_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(approval_rule="") & ~Q(approval_text=""), name="referrals_up_names_its_rule"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("sent_at")), name="referrals_up_valid_after_sending"
            ),
            models.CheckConstraint(
                condition=Q(
                    departed_at__isnull=True,
                    expected_arrival_at__isnull=True,
                    vehicle="",
                    escort="",
                    escort_phone="",
                )
                | (Q(departed_at__isnull=False, departed_at__gte=F("sent_at")) & ~Q(transport_code="")),
                name="referrals_trip_has_a_departure",
            ),
            models.CheckConstraint(
                condition=Q(expected_arrival_at__isnull=True) | Q(expected_arrival_at__gt=F("departed_at")),
                name="referrals_arrives_after_departing",
            ),
            models.CheckConstraint(
                condition=Q(outcome_code="", outcome_summary="", discharge_way="", outcome_at__isnull=True)
                | (
                    ~Q(outcome_code="")
                    & ~Q(outcome_summary="")
                    & Q(outcome_at__isnull=False, outcome_at__gte=F("sent_at"))
                ),
                name="referrals_outcome_whole",
            ),
        ]
        indexes = [models.Index(fields=["from_institution", "sent_at"], name="referrals_up_sent")]


class UpAmendment(models.Model):
    """A part of the case as it stood before the sender supplied what was missing. Rows are only added."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    up = models.ForeignKey(UpReferral, related_name="+", on_delete=models.PROTECT)
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=500, blank=True)
    new = models.CharField(max_length=500, blank=True)
    amended_at = models.DateTimeField()
    amended_by = models.UUIDField()
    amended_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(field__in=list(CASE_WORDS)), name="referrals_amends_the_case"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="referrals_amendment_changes"),
        ]
