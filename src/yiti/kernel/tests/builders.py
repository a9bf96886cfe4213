"""Builders for tests of every room."""

from __future__ import annotations

from uuid import UUID

from yiti.kernel.actor import Actor, Purpose
from yiti.kernel.ids import new_id


def an_actor(
    *permissions: str,
    institution_id: UUID | None = None,
    oversees: frozenset[UUID] = frozenset(),
    name: str = "唐桂花",
    **changes: object,
) -> Actor:
    """A clinician at work in an institution of her own, with just these permissions."""
    return Actor(
        user_id=new_id(),
        name=name,
        institution_id=institution_id or new_id(),
        institution_name="油岭村卫生站",
        posting_id=new_id(),
        permissions=frozenset(permissions),
        oversees=oversees,
        purpose=Purpose.CARE,
        **changes,  # type: ignore[arg-type]
    )
