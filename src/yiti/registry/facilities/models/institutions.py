from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, Value, When

from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import Kind, Level
from yiti.registry.facilities.models.shared import (
    ends_after_start,
    no_overlap,
    not_blank,
    on_earth,
    one_of,
    same_text,
    same_uuid,
)


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def open_on(self, day: date) -> InstitutionQuerySet:
        """Those that have opened and not closed by that day; an unknown opening day counts as open."""
        return self.filter(
            Q(opened_date__isnull=True) | Q(opened_date__lte=day),
            Q(closed_date__isnull=True) | Q(closed_date__gt=day),
        )

    def in_order(self, *names: str) -> InstitutionQuerySet:
        """In this order; `level_rank` puts the city first and the village last, `kind_rank` keeps the
        order of `Kind` (general hospital, TCM, maternal and child, central township, township, …)."""
        levels = [When(level=each.value, then=Value(-each.rank)) for each in Level]
        kinds = [When(kind=each.value, then=Value(rank)) for rank, each in enumerate(Kind)]
        return self.annotate(
            level_rank=Case(*levels, output_field=models.IntegerField()),
            kind_rank=Case(*kinds, output_field=models.IntegerField()),
        ).order_by(*names)

    def matching(self, text: str) -> InstitutionQuerySet:
        """Name or code contains the text, or pinyin or initials do (a county has a few hundred rows)."""
        wanted = text.strip().lower()
        return self.filter(
            Q(name__icontains=wanted)
            | Q(short_name__icontains=wanted)
            | Q(code__icontains=wanted)
            | Q(pinyin__contains=wanted)
            | Q(initials__contains=wanted)
        )


class Institution(models.Model):
    """A place of care, or of the services around it. `facts_checked` is false where any fact is invented
    or was not looked up (decision 26); screens then say so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=24, unique=True)
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=30)
    pinyin = models.CharField(max_length=320, blank=True)
    initials = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=32)
    level = models.CharField(max_length=8)
    grade = models.CharField(max_length=20, blank=True)
    region = models.ForeignKey("facilities.Region", related_name="+", on_delete=models.PROTECT)
    managed_by = models.ForeignKey("self", null=True, related_name="+", on_delete=models.PROTECT)
    phone = models.CharField(max_length=30, blank=True)
    profile = models.TextField(blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    is_external = models.BooleanField(default=False)
    facts_checked = models.BooleanField(default=False)
    opened_date = models.DateField(null=True)
    closed_date = models.DateField(null=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", Kind, "facilities_institution_kind"),
            one_of("level", Level, "facilities_institution_level"),
            models.CheckConstraint(
                condition=Q(managed_by__isnull=True) | ~Q(managed_by=F("id")),
                name="facilities_institution_not_own_manager",
            ),
            models.CheckConstraint(
                condition=Q(credit_code__isnull=True) | Q(credit_code__regex=r"^[0-9A-HJ-NP-RTUW-Y]{18}$"),
                name="facilities_institution_credit_code",
            ),
            models.CheckConstraint(
                condition=Q(closed_date__isnull=True)
                | Q(opened_date__isnull=True)
                | Q(closed_date__gte=F("opened_date")),
                name="facilities_institution_dates",
            ),
            not_blank("code", "facilities_institution_code"),
            not_blank("name", "facilities_institution_name"),
            on_earth("facilities_institution_place"),
        ]


class InstitutionOperation(models.Model):
    """An operation or technique an institution is permitted to do, from a day, perhaps until a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            no_overlap("facilities_operation_once", same_uuid("institution"), same_text("code")),
            ends_after_start("facilities_operation_dates"),
            not_blank("code", "facilities_operation_code"),
            not_blank("name", "facilities_operation_name"),
        ]


class Equipment(models.Model):
    """Devices of one sort that an institution has; `quantity` working ones."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    quantity = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "name"], name="facilities_equipment_once"),
            not_blank("name", "facilities_equipment_name"),
        ]
