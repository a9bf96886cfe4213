"""What other rooms may use of the outbox. `record` is a participant."""

from yiti.foundation.outbox.commands import deliver_waiting, record, subscribe
from yiti.foundation.outbox.domain import Backlog, Handler
from yiti.foundation.outbox.selectors import backlog

__all__ = ["Backlog", "Handler", "backlog", "deliver_waiting", "record", "subscribe"]
