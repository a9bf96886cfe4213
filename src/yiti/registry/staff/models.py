from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.registry.staff.domain import LicenceKind, TeamKind, Title


class StaffMember(models.Model):
    """A person at work in the county (FHIR Practitioner). At most one account each."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    initials = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=12, default=Title.NONE)
    phone = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(title__in=list(Title)), name="staff_title_known"),
            models.CheckConstraint(condition=~Q(name=""), name="staff_name_given"),
        ]


class Licence(models.Model):
    """A licence to practise, with its period (FHIR Practitioner.qualification)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=30, blank=True)
    specialty = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(LicenceKind)), name="staff_licence_known"),
            models.UniqueConstraint(
                fields=["kind", "number"], condition=~Q(number=""), name="staff_licence_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until")),
                name="staff_licence_period",
            ),
        ]


class Posting(models.Model):
    """Where a person works, as what, from when to when (FHIR PractitionerRole)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey("facilities.Institution", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        "facilities.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    role = models.ForeignKey("accounts.Role", to_field="code", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    is_primary = models.BooleanField(default=True)
    successor = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until")),
                name="staff_posting_period",
            ),
            models.UniqueConstraint(
                fields=["staff", "institution", "department", "role"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="staff_posting_once",
            ),
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(valid_until__isnull=True, is_primary=True),
                name="staff_one_primary_posting",
            ),
        ]
        indexes = [models.Index(fields=["institution", "role"], name="staff_posting_place")]


class StandIn(models.Model):
    """Who does somebody's work in their absence (代班), from which day to which; the last day counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(staff=F("stand_in")), name="staff_stand_in_another"),
            models.CheckConstraint(
                condition=Q(valid_from__lte=F("valid_until")), name="staff_stand_in_period"
            ),
        ]
        indexes = [models.Index(fields=["stand_in", "valid_until"], name="staff_standing_in")]


class Team(models.Model):
    """A team of people who share work (FHIR CareTeam)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey("facilities.Institution", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(TeamKind)), name="staff_team_kind_known"),
            models.UniqueConstraint(fields=["institution", "name"], name="staff_team_once"),
        ]


class TeamMember(models.Model):
    """Who belongs to a team, from when to when; one leader at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    is_leader = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "staff"], condition=Q(valid_until__isnull=True), name="staff_member_once"
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(valid_until__isnull=True, is_leader=True),
                name="staff_one_leader",
            ),
        ]
