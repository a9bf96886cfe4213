"""One way into the database: a transaction that knows on whose behalf it runs.

The scope is set with `set_config(..., is_local => true)`, so it ends with the transaction and a
pooled connection can never carry it over to the next person. Policies of the database read it;
with no scope set they show nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, transaction

from yiti.kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K")
V = TypeVar("V")

_inside: ContextVar[Actor | None] = ContextVar("yiti_scope", default=None)
_read: ContextVar[dict[Callable[..., Any], dict[Any, Any]] | None] = ContextVar("yiti_read", default=None)
_patience: ContextVar[int] = ContextVar("yiti_patience", default=0)
_SET = (
    "SELECT set_config('yiti.user', %s, true), set_config('yiti.institution', %s, true),"
    " set_config('yiti.oversees', %s, true), set_config('yiti.audits', %s, true)"
)

_WAIT = ", set_config('statement_timeout', %s, true)"


class ScopeError(RuntimeError):
    """A programming error: work for one person inside another person's transaction."""


@contextmanager
def scoped(actor: Actor, *, durable: bool = False) -> Iterator[None]:
    """Run a block in one transaction with the actor's scope.

    Inside a block of the same actor it joins that transaction (unless `durable`, which fails
    there); inside another actor's block it raises `ScopeError`.
    """
    outer = _inside.get()
    if outer is not None and not durable:
        if outer != actor:
            raise ScopeError(f"{actor.name} inside the scope of {outer.name}")
        yield
        return
    with transaction.atomic(durable=durable):
        with connection.cursor() as cursor:
            cursor.execute(*_settings(actor))
        token = _inside.set(actor)
        try:
            yield
        finally:
            _inside.reset(token)


@contextmanager
def reading(actor: Actor) -> Iterator[None]:
    """`scoped` for a block that changes nothing: what is read by id (`once`) is read once in it."""
    outer = _read.get()
    token = _read.set({} if outer is None else outer)
    try:
        with scoped(actor):
            yield
    finally:
        _read.reset(token)


def once(read: Callable[[Collection[K]], Mapping[K, V]]) -> Callable[[Collection[K]], dict[K, V]]:
    """A read of rows by id, of which many parts of a page ask the same. In a block of `reading` each id is
    read once; elsewhere, where a row may have changed meanwhile, each time. Ids nobody has are missing."""

    @wraps(read)
    def found(ids: Collection[K]) -> dict[K, V]:
        memory = _read.get()
        known: dict[K, V] = {} if memory is None else memory.setdefault(read, {})
        if missing := [each for each in ids if each not in known]:
            known.update(read(missing))
        return {each: known[each] for each in ids if each in known}

    return found


@contextmanager
def patience(seconds: int) -> Iterator[None]:
    """Let each statement of the transactions begun in this block take so long; 0: as long as always."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def _settings(actor: Actor) -> tuple[str, list[str]]:
    """What the policies read: who, at work where, over whom, and whether the actor audits (`audit.read`)."""
    audits = "on" if actor.can("audit.read") else "off"
    values = [str(actor.user_id), str(actor.institution_id), _array(actor.oversees), audits]
    seconds = _patience.get()
    return (_SET + _WAIT, [*values, f"{seconds}s"]) if seconds else (_SET, values)


def _array(ids: frozenset[UUID]) -> str:
    """A set of ids as PostgreSQL writes an array."""
    return "{" + ",".join(sorted(map(str, ids))) + "}"


def command(function: Callable[P, R]) -> Callable[P, R]:
    """A use case: keyword-only, takes `actor`, owns a durable transaction in the actor's scope.

    A command inside a command (or inside any transaction) raises RuntimeError.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = kwargs["actor"]
        if not isinstance(actor, Actor):
            raise TypeError(f"{function.__name__} needs an Actor")
        with scoped(actor, durable=True):
            return function(*args, **kwargs)

    return run


def selector(function: Callable[P, R]) -> Callable[P, R]:
    """A read: first argument is the actor; runs in the actor's scope, joining an open one."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = args[0]
        if not isinstance(actor, Actor):
            raise TypeError(f"{function.__name__} needs an Actor first")
        with scoped(actor):
            return function(*args, **kwargs)

    return run


def ensure_in_transaction() -> None:
    """First line of a participant: it never runs outside a caller's transaction."""
    if not connection.in_atomic_block:
        raise ScopeError("a participant needs the transaction of a command")


def lock_by_name(name: str) -> None:
    """Let one transaction at a time pass: for what no row stands for. Ends with the transaction."""
    ensure_in_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
