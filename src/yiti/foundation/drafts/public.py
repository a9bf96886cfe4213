"""What other rooms may use of drafts. `discard_draft` is a participant."""

from yiti.foundation.drafts.commands import discard_draft
from yiti.foundation.drafts.domain import DraftRow
from yiti.foundation.drafts.selectors import draft

__all__ = ["DraftRow", "discard_draft", "draft"]
