from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yiti.kernel.identity import Sex
from yiti.kernel.ids import new_id
from yiti.registry.residents.domain.codes import KeyKind
from yiti.registry.residents.domain.keys import LONGEST_KEY
from yiti.registry.residents.domain.people import LONGEST_INITIALS
from yiti.registry.residents.domain.texts import LONGEST_NAME


class Card(models.Model):
    """An index card: what the whole county may see of a person (decision 11)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    masked_name = models.CharField(max_length=LONGEST_NAME)
    sex = models.CharField(max_length=1)
    birth_year = models.PositiveSmallIntegerField(null=True)
    village = models.ForeignKey("facilities.Region", related_name="+", on_delete=models.PROTECT, null=True)
    initials = models.CharField(max_length=LONGEST_INITIALS, blank=True)
    is_deceased = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", related_name="+", on_delete=models.PROTECT, null=True, db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(masked_name=""), name="residents_card_name"),
            models.CheckConstraint(condition=Q(sex__in=list(Sex)), name="residents_card_sex"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="residents_card_not_into_itself",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merged_into"], name="residents_card_merged", condition=Q(merged_into__isnull=False)
            ),
        ]


class CardKey(models.Model):
    """A search key of a card, found by `=` or as a range of its beginning, in the order of code points.

    The three columns are the key: rows have no identity of their own and are replaced as a whole
    when a name, phone or document changes. With a UUID per row 600,000 people would cost 0.5 GB more.
    """

    pk = models.CompositePrimaryKey("card_id", "kind", "value")
    card = models.ForeignKey("residents.Card", related_name="+", on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=2)
    value = models.CharField(max_length=LONGEST_KEY, db_collation="C")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(KeyKind)), name="residents_key_kind"),
            models.CheckConstraint(condition=~Q(value=""), name="residents_key_value"),
        ]
        indexes = [models.Index(fields=["kind", "value", "card"], name="residents_key_search")]
