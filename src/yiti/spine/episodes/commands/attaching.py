"""Attaching a file to a visit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict
from yiti.kernel.text import N_
from yiti.spine.episodes.commands.locks import lock_visit
from yiti.spine.episodes.commands.writing import note_fact
from yiti.spine.episodes.domain.attachments import MOST_OF_A_VISIT, AttachmentSpec, check_file
from yiti.spine.episodes.models import Attachment, AttachmentContent


@access.command
def attach_file(*, actor: Actor, visit_id: UUID, spec: AttachmentSpec, at: datetime) -> UUID:
    """Attach a file to a visit, also to one that has ended: reports come late. Gives its id; the same file
    again is the one that is there.

    Raises NotFound, InvalidInput for a file of another sort or too large, Conflict when there are 30.
    """
    actor.require("episodes.write")
    visit = lock_visit(actor, visit_id)
    file = check_file(spec)
    there: Any = Attachment.objects.in_force().of_visits([visit.id])
    if (known := there.filter(sha256=file.sha256).first()) is not None:
        found: UUID = known.id
        return found
    if there.count() >= MOST_OF_A_VISIT:
        raise Conflict(N_("一次就诊最多附 30 个文件"))
    made = Attachment(
        visit=visit,
        person_id=visit.person_id,
        recorded_at=at,
        recorded_by=actor.user_id,
        recorded_by_name=actor.name,
        title=file.title,
        media_type=file.media_type,
        size=len(file.content),
        sha256=file.sha256,
    )
    made.save(force_insert=True)
    AttachmentContent.objects.create(attachment=made, person_id=visit.person_id, content=file.content)
    note_fact(actor, "episodes.attach_file", "episodes.attachment", made.id, visit, at)
    return made.id
