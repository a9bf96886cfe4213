"""What other rooms may use of access."""

from yiti.foundation.access.counting import counted, counted_of, kept
from yiti.foundation.access.domain import Permission, all_permissions, is_known, register
from yiti.foundation.access.scope import (
    ScopeError,
    command,
    ensure_in_transaction,
    lock_by_name,
    once,
    patience,
    reading,
    scoped,
    selector,
)

__all__ = [
    "Permission",
    "ScopeError",
    "all_permissions",
    "command",
    "counted",
    "counted_of",
    "ensure_in_transaction",
    "is_known",
    "kept",
    "lock_by_name",
    "once",
    "patience",
    "reading",
    "register",
    "scoped",
    "selector",
]
