from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiti.kernel.ids import new_id
from yiti.registry.residents.domain.facts import LONGEST_REASON, SHORTEST_REASON
from yiti.registry.residents.domain.glass import Verdict
from yiti.registry.residents.models.access import BreakGlass


class GlassReview(models.Model):
    """What an auditor found of an emergency opening: once, and never changed (migration 0003)."""

    glass = models.OneToOneField(
        BreakGlass, primary_key=True, related_name="review", on_delete=models.PROTECT
    )
    verdict = models.CharField(max_length=12)
    note = models.CharField(max_length=LONGEST_REASON)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.UUIDField()
    reviewed_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=list(Verdict)), name="residents_glass_verdict"),
            models.CheckConstraint(
                condition=Q(note__regex=rf"^.{{{SHORTEST_REASON},}}$"), name="residents_glass_review_says_why"
            ),
        ]


class GlassMark(models.Model):
    """Until when a user has read the news of emergency openings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField(unique=True)
    read_until = models.DateTimeField()


class LookedCode(models.Model):
    """A slip with which a person may see, once, who looked at the record.

    The key is a keyed digest of the code on the slip; the code itself stands nowhere. `answer` is one of
    what is asked beside it (`asks`), keyed with the code. Used, the looks stay open until `open_until`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT)
    institution = models.ForeignKey("facilities.Institution", related_name="+", on_delete=models.PROTECT)
    asks = models.CharField(max_length=6)
    answer = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    issued_by_name = models.CharField(max_length=60)
    valid_until = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(asks__in=["number", "birth"]), name="residents_looked_asks"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("issued_at")), name="residents_looked_period"
            ),
            models.CheckConstraint(condition=Q(wrong_tries__lte=5), name="residents_looked_tries"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, open_until__isnull=True)
                | Q(used_at__isnull=False, open_until__gt=F("used_at")),
                name="residents_looked_used",
            ),
        ]
