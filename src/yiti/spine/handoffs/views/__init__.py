"""Pages of the desk: the work list, one handoff, the bell."""

from yiti.spine.handoffs.views.notices import bell, read
from yiti.spine.handoffs.views.one import message, page, preview, step, take
from yiti.spine.handoffs.views.papers import shift, side
from yiti.spine.handoffs.views.urging import urge
from yiti.spine.handoffs.views.worklist import export, news, work

__all__ = [
    "bell",
    "export",
    "message",
    "news",
    "page",
    "preview",
    "read",
    "shift",
    "side",
    "step",
    "take",
    "urge",
    "work",
]
