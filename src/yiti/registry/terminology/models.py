"""Tables of the room. A trigger keeps published codes and their Chinese terms as they are (0002)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiti.kernel.ids import new_id
from yiti.registry.terminology.domain import Confidence


class CodeSystem(models.Model):
    """A table of codes with its origin (FHIR CodeSystem)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    version = models.CharField(max_length=20)
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=80)
    uri = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200)
    confidence = models.CharField(max_length=1)
    sort_order = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__in=[each.value for each in Confidence]),
                name="terminology_confidence_known",
            ),
        ]


class Concept(models.Model):
    """A code with its term. `parent_code` is a code of the same system (foreign key in 0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    system = models.ForeignKey(CodeSystem, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=200)
    initials = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=400)
    parent_code = models.CharField(max_length=20, null=True)
    sort_order = models.PositiveIntegerField()
    often = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    local = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="terminology_code_once"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(zh="") & ~Q(en=""), name="terminology_terms_given"
            ),
            models.CheckConstraint(condition=Q(often__lte=3), name="terminology_often_0_to_3"),
        ]


class Synonym(models.Model):
    """Another Chinese word that finds a concept (冠心病, 慢阻肺)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT, related_name="+")
    zh = models.CharField(max_length=120)
    initials = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=400)
    sort_order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concept", "zh"], name="terminology_synonym_once"),
        ]


class Measure(models.Model):
    """How a vital sign is written (FHIR Observation.valueQuantity)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    concept = models.OneToOneField(Concept, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=20, blank=True)
    ucum = models.CharField(max_length=20, blank=True)
    loinc = models.CharField(max_length=10, blank=True)
    decimals = models.PositiveSmallIntegerField()


class DiseaseGroup(models.Model):
    """Diagnoses by ICD-10 prefix: section of the capability directory, and chronic disease if any."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prefix = models.CharField(max_length=8, unique=True)
    specialty = models.ForeignKey(Concept, on_delete=models.PROTECT, related_name="+")
    chronic = models.ForeignKey(Concept, on_delete=models.PROTECT, related_name="+", null=True)
