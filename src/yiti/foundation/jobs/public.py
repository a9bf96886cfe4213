"""What other rooms may use of jobs."""

from yiti.foundation.jobs.domain import every_hour, every_minute, on_wake
from yiti.foundation.jobs.selectors import count_failed
from yiti.foundation.jobs.tasks import wake_outbox

__all__ = ["count_failed", "every_hour", "every_minute", "on_wake", "wake_outbox"]
