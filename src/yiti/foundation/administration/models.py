from __future__ import annotations

from django.db import models

from yiti.kernel.ids import new_id


class Checkup(models.Model):
    """What a look at the county's data found: `faults` are the first of them as {promise, id, how}."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    seconds = models.FloatField()
    count = models.PositiveIntegerField()
    faults = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="administration_checkup_at")]
