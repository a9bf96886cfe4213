from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yiti.kernel.ids import new_id
from yiti.registry.facilities.domain import AllianceKind, AllianceScope, MemberRole
from yiti.registry.facilities.models.shared import (
    ends_after_start,
    no_overlap,
    not_blank,
    one_of,
    same_uuid,
    some_of,
)


class Consortium(models.Model):
    """A tight-knit consortium 紧密型医共体; a county may run several, compared with each other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            not_blank("code", "facilities_consortium_code"),
            not_blank("name", "facilities_consortium_name"),
        ]


class ConsortiumMembership(models.Model):
    """An institution's place in a consortium from a day, perhaps until a day (not included).

    Unified management leaves no room for two masters: an institution is in one consortium at a time,
    and a consortium has one head at a time. Looser ties are alliances.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consortium = models.ForeignKey("facilities.Consortium", related_name="+", on_delete=models.PROTECT)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    role = models.CharField(max_length=16)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            one_of("role", MemberRole, "facilities_member_role"),
            ends_after_start("facilities_member_dates"),
            no_overlap("facilities_member_of_one_consortium", same_uuid("institution")),
            no_overlap("facilities_consortium_one_head", same_uuid("consortium"), condition=Q(role="head")),
        ]


class Alliance(models.Model):
    """A tie beside the consortium: 医联体, 医疗集团, or the support of a tertiary hospital."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)

    class Meta:
        constraints = [
            one_of("kind", AllianceKind, "facilities_alliance_kind"),
            not_blank("code", "facilities_alliance_code"),
            not_blank("name", "facilities_alliance_name"),
        ]


class AllianceMembership(models.Model):
    """An institution in an alliance for a time; `is_lead` for the one that gives, `scopes` what is shared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    alliance = models.ForeignKey("facilities.Alliance", related_name="+", on_delete=models.PROTECT)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    is_lead = models.BooleanField(default=False)
    scopes = ArrayField(models.CharField(max_length=12))
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            some_of("scopes", AllianceScope, "facilities_alliance_scopes"),
            ends_after_start("facilities_alliance_dates"),
            no_overlap("facilities_alliance_once", same_uuid("institution"), same_uuid("alliance")),
        ]
