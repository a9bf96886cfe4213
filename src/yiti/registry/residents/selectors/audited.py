"""Whom the auditor asks about: found by cards, which are open; no record is."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from yiti.foundation.access import public as access
from yiti.kernel.actor import Actor
from yiti.registry.residents.domain import KeyKind
from yiti.registry.residents.domain.identifiers import digest
from yiti.registry.residents.domain.keys import name_key
from yiti.registry.residents.models import Card, CardKey
from yiti.registry.residents.selectors.identity import identities

_MOST = 100  # people of one name


@access.selector
def asked_for(actor: Actor, text: str) -> frozenset[UUID]:
    """All ids of the people whom a text names: an id, or exactly a name or a document's number.

    A merged record counts with the one it was merged into. For the auditor (permission `audit.read`).
    """
    actor.require("audit.read")
    found = _by_id(text) or _by_key(text)
    return frozenset().union(*identities(found).members.values()) if found else frozenset()


def _by_id(text: str) -> list[UUID]:
    try:
        asked = UUID(text)
    except ValueError:
        return []
    return list(Card.objects.filter(pk=asked).values_list("id", flat=True))


def _by_key(text: str) -> list[UUID]:
    name, number = name_key(text), digest(text.strip().upper())
    if not name:
        return []
    keys = Q(kind=KeyKind.NAME, value=name) | Q(kind=KeyKind.ID, value=number)
    return list(CardKey.objects.filter(keys).values_list("card_id", flat=True)[:_MOST])


@access.selector
def masked_names(actor: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """Masked names by id, as the card has them. One query."""
    return dict(Card.objects.filter(id__in=ids).values_list("id", "masked_name"))
