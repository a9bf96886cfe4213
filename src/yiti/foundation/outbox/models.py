from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from yiti.kernel.ids import new_id


class OutboxEvent(models.Model):
    """An event that has happened and waits for its handlers, or has been handled."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    recorded_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(handled_at__isnull=True)),
        ]
