from __future__ import annotations

from django.db import models

from yiti.kernel.ids import new_id


class Draft(models.Model):
    """Unsubmitted text of one form. Raw on purpose (JSON): nothing in it has been checked yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField()
    form = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "form", "subject"], name="drafts_one_each"),
        ]
