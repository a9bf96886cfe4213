"""The only writers of handoffs. `advance` is the only one that moves one."""

from yiti.spine.handoffs.commands.clock import run_clock
from yiti.spine.handoffs.commands.desk import add_message, read_bell, take, take_step
from yiti.spine.handoffs.commands.following import follow_death, follow_merge, hand_on_of_leavers
from yiti.spine.handoffs.commands.moving import advance
from yiti.spine.handoffs.commands.opening import open_handoff
from yiti.spine.handoffs.commands.urging import urge

__all__ = [
    "add_message",
    "advance",
    "follow_death",
    "follow_merge",
    "hand_on_of_leavers",
    "open_handoff",
    "read_bell",
    "run_clock",
    "take",
    "take_step",
    "urge",
]
