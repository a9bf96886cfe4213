from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.registry.residents.domain.duplicates import PairState
from yiti.registry.residents.domain.facts import LONGEST_REASON

LONGEST_LEVEL = 12


class LinkModel(models.Model):
    """What the last night learned of the index as a whole; the desk weighs by it. One row at most."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fitted_at = models.DateTimeField()
    people = models.PositiveIntegerField()
    prior = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(prior__gt=0, prior__lt=1), name="residents_link_prior"),
        ]


class LinkWeight(models.Model):
    """Of one level of one comparison: its share among pairs of one person, and among pairs of two."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(
        "residents.LinkModel", related_name="+", on_delete=models.CASCADE, db_index=False
    )
    comparison = models.CharField(max_length=LONGEST_LEVEL)
    level = models.CharField(max_length=LONGEST_LEVEL)
    agree = models.FloatField()
    chance = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "comparison", "level"], name="residents_link_level"),
            models.CheckConstraint(condition=Q(agree__gt=0, chance__gt=0), name="residents_link_weight"),
        ]


class LinkShare(models.Model):
    """How many people have a family name or a village: too many to count at the desk."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey("residents.LinkModel", related_name="+", on_delete=models.CASCADE)
    property = models.CharField(max_length=LONGEST_LEVEL)
    value = models.CharField(max_length=40)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["property", "value"], name="residents_link_share"),
        ]


class DuplicatePair(models.Model):
    """Two cards that may be one person, found by the night; and what was decided of them.

    It says no more of anybody than cards and search keys do, so it has no policy of persons. `one` is the
    smaller id. A level is empty where the property is unknown of either.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    one = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    other = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    points = models.PositiveSmallIntegerField()
    number_level = models.CharField(max_length=LONGEST_LEVEL, blank=True)
    name_level = models.CharField(max_length=LONGEST_LEVEL, blank=True)
    birth_level = models.CharField(max_length=LONGEST_LEVEL, blank=True)
    year_level = models.CharField(max_length=LONGEST_LEVEL, blank=True)
    sex_level = models.CharField(max_length=LONGEST_LEVEL, blank=True)
    phone_level = models.CharField(max_length=LONGEST_LEVEL, blank=True)
    village_level = models.CharField(max_length=LONGEST_LEVEL, blank=True)
    state = models.CharField(max_length=9)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="residents_pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="residents_pair_order"),
            models.CheckConstraint(condition=Q(state__in=list(PairState)), name="residents_pair_state"),
            models.CheckConstraint(condition=Q(points__lte=100), name="residents_pair_points"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[PairState.OPEN, PairState.GONE],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | Q(
                    state__in=[PairState.MERGED, PairState.DIFFERENT],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="residents_pair_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=PairState.DIFFERENT, reason=""), name="residents_pair_says_why"
            ),
        ]
        indexes = [models.Index(fields=["state", "-points", "id"], name="residents_pair_list")]
