"""What other rooms may use of the outbox. `record` is a participant."""

from yiti.foundation.outbox.commands import deliver_waiting, record, subscribe
from yiti.foundation.outbox.domain import Handler

__all__ = ["Handler", "deliver_waiting", "record", "subscribe"]
