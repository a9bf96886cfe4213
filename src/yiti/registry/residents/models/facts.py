from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from yiti.kernel.ids import new_id
from yiti.registry.residents.domain.codes import RiskCode


class AllergyQuerySet(models.QuerySet["Allergy"]):
    def standing(self) -> Self:
        """The last word on each allergy: not replaced, and not found to be wrong."""
        return self.filter(~Exists(Allergy.objects.filter(replaces=OuterRef("pk"))), is_refuted=False)


class Allergy(models.Model):
    """A statement that somebody is (or, `is_refuted`, is not) allergic. Rows are only added: a correction
    names the row it replaces. Codes are of terminology allergen, allergy-reaction, allergy-severity."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    substance_code = models.CharField(max_length=4, blank=True)
    substance_text = models.CharField(max_length=60, blank=True)
    reaction = models.CharField(max_length=16, blank=True)
    severity = models.CharField(max_length=8)
    onset_year = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=120, blank=True)
    is_refuted = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", related_name="+", on_delete=models.PROTECT, null=True)
    noted_at = models.DateTimeField()
    noted_by = models.UUIDField()
    noted_by_name = models.CharField(max_length=60)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)

    objects = AllergyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(substance_code="") | ~Q(substance_text=""), name="residents_allergy_to_something"
            ),
            models.CheckConstraint(
                condition=Q(is_refuted=False) | Q(replaces__isnull=False),
                name="residents_allergy_refutes_one",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="residents_allergy_not_itself"
            ),
        ]


class RiskMarkQuerySet(models.QuerySet["RiskMark"]):
    def in_force(self, day: date) -> Self:
        """Marks that have not ended before that day."""
        return self.filter(Q(until_date__isnull=True) | Q(until_date__gt=day))


class RiskMark(models.Model):
    """What everybody who treats the person must have in sight, from a day, until it is ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    code = models.CharField(max_length=16)
    level = models.CharField(max_length=8, blank=True)
    since_date = models.DateField()
    until_date = models.DateField(null=True)
    noted_at = models.DateTimeField()
    noted_by = models.UUIDField()
    noted_by_name = models.CharField(max_length=60)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = RiskMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__in=list(RiskCode)), name="residents_risk_known"),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("since_date")),
                name="residents_risk_period",
            ),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True, ended_at__isnull=True, ended_by__isnull=True)
                | Q(until_date__isnull=False, ended_at__isnull=False, ended_by__isnull=False),
                name="residents_risk_ended_by",
            ),
            models.UniqueConstraint(
                fields=["person", "code"], condition=Q(until_date__isnull=True), name="residents_risk_once"
            ),
        ]
