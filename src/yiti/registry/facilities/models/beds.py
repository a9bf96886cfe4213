from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import BedFeature, NoteKind, UseKind
from yiti.registry.facilities.models.shared import (
    not_blank,
    one_of,
    same_uuid,
    some_of,
)


class Department(models.Model):
    """A department or ward.

    `specialty` is a code of 医疗机构诊疗科目名录, such as 03.04; `position` its place in its hospital.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    specialty = models.CharField(max_length=8, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="facilities_department_once"),
            not_blank("code", "facilities_department_code"),
            not_blank("name", "facilities_department_name"),
        ]


class BedQuerySet(models.QuerySet["Bed"]):
    def free_at(self, at: datetime) -> BedQuerySet:
        """Beds in service that nobody holds or lies in at that moment."""
        return self.filter(
            ~Exists(BedUse.objects.filter(bed=OuterRef("pk"), period__contains=at)),
            is_active=True,
            department__is_active=True,
        )


class Bed(models.Model):
    """A bed in service, by the label on it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department = models.ForeignKey("facilities.Department", related_name="+", on_delete=models.PROTECT)
    label = models.CharField(max_length=12)
    features = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    is_active = models.BooleanField(default=True)

    objects = BedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "label"], name="facilities_bed_once"),
            some_of("features", BedFeature, "facilities_bed_features"),
            not_blank("label", "facilities_bed_label"),
        ]


class BedUseQuerySet(models.QuerySet["BedUse"]):
    def current(self, at: datetime) -> BedUseQuerySet:
        """Uses that cover that moment."""
        return self.filter(period__contains=at)

    def of(self, for_kind: str, for_id: UUID) -> BedUseQuerySet:
        """Uses made for one piece of work."""
        return self.filter(for_kind=for_kind, for_id=for_id)


class BedUse(models.Model):
    """A bed kept for somebody or lain in, for a time; `for_kind` and `for_id` say for what.

    A use that ends the instant it began leaves an empty period, which overlaps nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bed = models.ForeignKey("facilities.Bed", related_name="+", on_delete=models.PROTECT)
    kind = models.CharField(max_length=4)
    period = DateTimeRangeField()
    for_kind = models.CharField(max_length=60)
    for_id = models.UUIDField()
    note = models.CharField(max_length=120, blank=True)

    objects = BedUseQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="facilities_bed_never_twice", expressions=[(same_uuid("bed"), "&&"), ("period", "&&")]
            ),
            ExclusionConstraint(
                name="facilities_work_in_one_bed",
                expressions=[(same_uuid("for_id"), "&&"), ("period", "&&")],
            ),
            one_of("kind", UseKind, "facilities_beduse_kind"),
            models.CheckConstraint(
                condition=Q(kind="stay") | Q(period__upper_inf=False), name="facilities_hold_ends"
            ),
            models.CheckConstraint(condition=Q(period__lower_inf=False), name="facilities_beduse_starts"),
        ]
        indexes = [models.Index(fields=["for_id"], name="facilities_beduse_for")]


class BedBoardNote(models.Model):
    """A statement how many beds of a ward are free: by the ward itself, or heard by phone. Rows are only
    added; the last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department = models.ForeignKey("facilities.Department", related_name="+", on_delete=models.PROTECT)
    kind = models.CharField(max_length=5)
    free_stated = models.PositiveSmallIntegerField()
    stated_at = models.DateTimeField()
    stated_by = models.UUIDField()
    stated_by_name = models.CharField(max_length=60)
    spoke_with = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            one_of("kind", NoteKind, "facilities_note_kind"),
            models.CheckConstraint(
                condition=(Q(kind="phone") & ~Q(spoke_with="")) | Q(kind="ward", spoke_with=""),
                name="facilities_note_phone_names_somebody",
            ),
        ]
        indexes = [models.Index(fields=["department", "-stated_at"], name="facilities_note_latest")]
