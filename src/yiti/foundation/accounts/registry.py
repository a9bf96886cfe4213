"""The roles, kept in memory by each process: every request asks what its actor may do.

They are written when the house starts (`define_roles`) and by nothing else. A process that runs on sees a
change within ten seconds; the one that writes sees it at once.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from yiti.foundation.accounts.models import Role, RolePermission
from yiti.kernel.text import Term

CHECK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class KeptRole:
    """A role: its name, and what it may do."""

    name: Term
    permissions: frozenset[str]


def roles() -> Mapping[str, KeptRole]:
    """All roles by code."""
    return _read(time.monotonic() // CHECK_SECONDS)


@lru_cache(maxsize=1)
def _read(_when: float) -> Mapping[str, KeptRole]:
    permissions: dict[str, set[str]] = defaultdict(set)
    for code, permission in RolePermission.objects.values_list("role__code", "permission"):
        permissions[code].add(permission)
    names = Role.objects.values_list("code", "zh", "en")
    return {code: KeptRole(Term(zh, en), frozenset(permissions[code])) for code, zh, en in names}


def forget() -> None:
    """Read them anew."""
    _read.cache_clear()
