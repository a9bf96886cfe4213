from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from yiti.kernel.ids import new_id
from yiti.spine.episodes.domain import (
    Certainty,
    Consciousness,
    DiagnosisRole,
    DischargeWay,
    Outcome,
    VitalKind,
)
from yiti.spine.episodes.models.courses import Visit

FactT = TypeVar("FactT", bound=models.Model)


class FactQuerySet(models.QuerySet[FactT]):
    def in_force(self) -> Self:
        """Rows that no later row stands for, without those that only withdraw."""
        later = cast("type[Fact]", self.model).objects.filter(replaces=OuterRef("pk"))
        return self.filter(~Exists(later), is_withdrawal=False)

    def of_visits(self, visit_ids: Collection[UUID]) -> Self:
        """Facts of these visits."""
        return self.filter(visit_id__in=visit_ids)


class Fact(models.Model):
    """Something written down in a visit. Rows are only added: a correction names the row it stands for
    and why; a withdrawal (written by mistake) does so and says nothing in its place.

    Migration 0002 ties (visit, person) to the visit and (replaces, visit) to the fact of the same visit;
    these keys stand for the plain ones, which would only be checked twice.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, related_name="+", on_delete=models.PROTECT, db_constraint=False)
    person = models.ForeignKey(
        "residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_by_name = models.CharField(max_length=60)
    replaces = models.ForeignKey(
        "self", null=True, related_name="+", on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    replaces_id: UUID | None
    reason = models.CharField(max_length=200, blank=True)
    is_withdrawal = models.BooleanField(default=False)

    objects: Any = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(replaces__isnull=False),
                name="%(app_label)s_%(class)s_replaced_once",
            ),
            models.UniqueConstraint(fields=["id", "visit"], name="%(app_label)s_%(class)s_and_visit"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, reason="", is_withdrawal=False)
                | (Q(replaces__isnull=False) & ~Q(reason="") & ~Q(replaces=F("id"))),
                name="%(app_label)s_%(class)s_correction",
            ),
        ]


class VitalReading(Fact):
    """One measured value (FHIR Observation): `value` in `unit`, or `level` (AVPU) for consciousness."""

    kind = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    level = models.CharField(max_length=1, blank=True)
    unit = models.CharField(max_length=8, blank=True)
    taken_at = models.DateTimeField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(*(Q(kind=kind, unit=kind.facts.unit) for kind in VitalKind), _connector=Q.OR),
                name="episodes_vital_kind_and_unit",
            ),
            models.CheckConstraint(
                condition=Q(kind=VitalKind.CONSCIOUSNESS, value__isnull=True, level__in=list(Consciousness))
                | (~Q(kind=VitalKind.CONSCIOUSNESS) & Q(value__isnull=False, value__gte=0, level="")),
                name="episodes_vital_value_or_level",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__lte=F("recorded_at")), name="episodes_vital_not_in_future"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "kind", "-taken_at"], name="episodes_vital_series"),
        ]


class Diagnosis(Fact):
    """A diagnosis (FHIR Condition): ICD-10 code with its words, place in the visit, certainty."""

    code = models.CharField(max_length=10)
    text = models.CharField(max_length=120)
    role = models.CharField(max_length=9)
    certainty = models.CharField(max_length=9)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(code="") & ~Q(text=""), name="episodes_diagnosis_given"),
            models.CheckConstraint(condition=Q(role__in=list(DiagnosisRole)), name="episodes_diagnosis_role"),
            models.CheckConstraint(
                condition=Q(certainty__in=list(Certainty)), name="episodes_diagnosis_certainty"
            ),
        ]


class Note(Fact):
    """A SOAP note (FHIR Composition)."""

    subjective = models.TextField(blank=True)
    objective = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    plan = models.TextField(blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(subjective="", objective="", assessment="", plan=""),
                name="episodes_note_says_something",
            ),
        ]


class Treatment(Fact):
    """Something done to the person (已做处置; FHIR Procedure), in words, with its time."""

    text = models.CharField(max_length=200)
    given_at = models.DateTimeField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="episodes_treatment_given"),
            models.CheckConstraint(
                condition=Q(given_at__lte=F("recorded_at")), name="episodes_treatment_not_in_future"
            ),
        ]


class Discharge(Fact):
    """How a stay ended (FHIR Encounter.hospitalization): way by CV06.00.226, outcome, summary."""

    way = models.CharField(max_length=1)
    outcome = models.CharField(max_length=1)
    summary = models.TextField()
    discharged_at = models.DateTimeField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=Q(way__in=list(DischargeWay)), name="episodes_discharge_way"),
            models.CheckConstraint(condition=Q(outcome__in=list(Outcome)), name="episodes_discharge_outcome"),
            models.CheckConstraint(
                condition=Q(way=DischargeWay.DIED, outcome=Outcome.DIED)
                | (~Q(way=DischargeWay.DIED) & ~Q(outcome=Outcome.DIED)),
                name="episodes_death_in_both_places",
            ),
            models.CheckConstraint(condition=~Q(summary=""), name="episodes_discharge_summary"),
            models.CheckConstraint(condition=Q(is_withdrawal=False), name="episodes_discharge_stays"),
            models.UniqueConstraint(
                fields=["visit"], condition=Q(replaces__isnull=True), name="episodes_one_discharge"
            ),
        ]


class MedicationList(models.Model):
    """What a person takes, as gone through in a visit (FHIR List of MedicationStatement). Each list
    succeeds the one the doctor had in sight; two lists cannot succeed the same one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, related_name="+", on_delete=models.PROTECT)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_by_name = models.CharField(max_length=60)
    replaces = models.ForeignKey(
        "self", null=True, related_name="+", on_delete=models.PROTECT, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(replaces__isnull=False), name="episodes_drugs_replaced_once"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(replaces__isnull=True), name="episodes_drugs_one_first_list"
            ),
            models.UniqueConstraint(fields=["id", "person"], name="episodes_drugs_and_person"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="episodes_drugs_succeed"
            ),
        ]
        indexes = [models.Index(fields=["person", "-recorded_at"], name="episodes_drugs_latest")]


class CurrentMedication(models.Model):
    """One drug of a list: name, dose as taken, code of `order-frequency`, since when if known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    list = models.ForeignKey(MedicationList, related_name="+", on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    dose = models.CharField(max_length=40, blank=True)
    frequency = models.CharField(max_length=4, blank=True)
    since = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "position"], name="episodes_drug_position"),
            models.CheckConstraint(condition=~Q(name=""), name="episodes_drug_named"),
        ]
