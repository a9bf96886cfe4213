from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.residents.domain.codes import SHARED_NUMBERS, BirthPrecision, Enrolment
from yiti.registry.residents.domain.facts import LONGEST_REASON
from yiti.registry.residents.domain.identifiers import LONGEST_NUMBER
from yiti.registry.residents.domain.people import LONGEST_ADDRESS, LONGEST_GROUP
from yiti.registry.residents.domain.texts import LONGEST_NAME


class Resident(models.Model):
    """The record of a person (WS 365 personal basics): open only where a `RecordAccess` says so.

    Shares its key with the card. `revision` counts its changes; a save must name the one it saw.
    """

    card = models.OneToOneField(
        "residents.Card", primary_key=True, db_column="id", related_name="+", on_delete=models.PROTECT
    )
    name = models.CharField(max_length=LONGEST_NAME)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5)
    ethnic = models.CharField(max_length=4, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    contact_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    contact_relation = models.CharField(max_length=4, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    group_no = models.CharField(max_length=LONGEST_GROUP, blank=True)
    payer = models.CharField(max_length=4, blank=True)
    blood_abo = models.CharField(max_length=4, blank=True)
    blood_rh = models.CharField(max_length=4, blank=True)
    occupation = models.CharField(max_length=4, blank=True)
    education = models.CharField(max_length=4, blank=True)
    marital = models.CharField(max_length=4, blank=True)
    village = models.ForeignKey("facilities.Region", related_name="+", on_delete=models.PROTECT, null=True)
    enrolment = models.CharField(max_length=9)
    mother = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, null=True)
    registered_at = models.DateTimeField()
    registered_by = models.UUIDField()
    registered_in = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    deceased_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="residents_name_given"),
            models.CheckConstraint(condition=Q(sex__in=list(Sex)), name="residents_sex"),
            models.CheckConstraint(
                condition=Q(birth_precision=BirthPrecision.NONE, birth_date__isnull=True)
                | (
                    Q(birth_precision__in=[BirthPrecision.DAY, BirthPrecision.MONTH, BirthPrecision.YEAR])
                    & Q(birth_date__isnull=False)
                ),
                name="residents_birth_precision",
            ),
            models.CheckConstraint(condition=Q(enrolment__in=list(Enrolment)), name="residents_enrolment"),
            models.CheckConstraint(
                condition=Q(enrolment=Enrolment.NEWBORN, mother__isnull=False)
                | (~Q(enrolment=Enrolment.NEWBORN) & Q(mother__isnull=True)),
                name="residents_newborn_has_mother",
            ),
            models.CheckConstraint(
                condition=Q(mother__isnull=True) | ~Q(mother=F("card")), name="residents_not_own_mother"
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="residents_revision"),
        ]
        indexes = [models.Index(fields=["registered_by", "registered_at"], name="residents_registered")]


class ResidentChange(models.Model):
    """One field of a record as it was changed; shown to whoever saves over it, and in the history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    revision = models.PositiveIntegerField()
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    new = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()
    changed_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "revision", "field"], name="residents_change_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="residents_change_changes"),
        ]


class IdentifierQuerySet(models.QuerySet["Identifier"]):
    def live(self) -> Self:
        """Documents that have not been ended."""
        return self.filter(ended_at__isnull=True)


class Identifier(models.Model):
    """A document of a person; `kind` is a code of terminology `id-type` (CV02.01.101), `number` as stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    kind = models.CharField(max_length=4)
    number = models.CharField(max_length=LONGEST_NUMBER)
    issued_by = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9A-Z/]{3,30}$"), name="residents_number_shape"
            ),
            models.UniqueConstraint(
                fields=["kind", "number"],
                condition=Q(ended_at__isnull=True) & ~Q(kind__in=sorted(SHARED_NUMBERS)),
                name="residents_number_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("added_at")),
                name="residents_number_period",
            ),
        ]


class Merge(models.Model):
    """Two records found to be one person. Rows keep their ids; un-merging ends the merge."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    absorbed = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    kept = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    reason = models.CharField(max_length=LONGEST_REASON)
    merged_at = models.DateTimeField()
    merged_by = models.UUIDField()
    merged_by_name = models.CharField(max_length=60)
    unmerged_at = models.DateTimeField(null=True)
    unmerged_by = models.UUIDField(null=True)
    unmerge_reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(absorbed=F("kept")), name="residents_merge_two"),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(unmerged_at__isnull=True), name="residents_merge_once"
            ),
            models.CheckConstraint(
                condition=Q(unmerged_at__isnull=True, unmerged_by__isnull=True)
                | Q(unmerged_at__isnull=False, unmerged_by__isnull=False),
                name="residents_unmerge_by",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="residents_merge_says_why"),
        ]
