from __future__ import annotations

from django.db import models
from django.db.models import Q

from yiti.spine.episodes.domain.attachments import LARGEST, MediaType
from yiti.spine.episodes.models.facts import Fact


class Attachment(Fact):
    """A file attached to a visit (FHIR DocumentReference): a report on paper, a picture. Its bytes stand in
    `AttachmentContent`, so that lists need not read them."""

    title = models.CharField(max_length=60)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(media_type__in=list(MediaType)), name="episodes_attachment_media_type"
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST), name="episodes_attachment_size"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="episodes_attachment_titled"),
        ]


class AttachmentContent(models.Model):
    """The bytes of an attachment."""

    attachment = models.OneToOneField(
        Attachment, primary_key=True, related_name="+", on_delete=models.PROTECT
    )
    person = models.ForeignKey("residents.Card", related_name="+", on_delete=models.PROTECT, db_index=False)
    content = models.BinaryField()
