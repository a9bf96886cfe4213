"""Expected refusals. Everything else that goes wrong is a bug and surfaces as one.

A refusal has a stable `code` for programs, a Chinese `message` for people (the edge translates
it, then fills in `params` with `str.format`), and, where it belongs to one input, its `field`.
"""

from __future__ import annotations

from yiti.kernel.text import N_


class DomainError(Exception):
    """A rule of the house says no; the user is told what to do about it."""

    code = "refused"
    message = N_("这一步现在不能做")

    def __init__(self, message: str | None = None, *, field: str | None = None, **params: object):
        self.message = message or type(self).message
        self.field = field
        self.params = params
        super().__init__(self.text())

    def text(self, template: str | None = None) -> str:
        """The sentence with its parameters, from `template` where the edge has translated it."""
        return (template or self.message).format(**self.params)


class NotFound(DomainError):
    """Missing, or not for this person: both answer alike, so that nothing can be probed."""

    code = "not_found"
    message = N_("没有找到")


class NotPermitted(NotFound):
    """The actor lacks a permission. Edges answer it exactly like `NotFound`; audit keeps it apart."""

    code = "not_permitted"

    def __init__(self, permission: str):
        super().__init__()
        self.permission = permission


class InvalidInput(DomainError):
    """One input cannot be right; `field` names it."""

    code = "invalid"
    message = N_("填写有误，请检查")


class StaleRevision(DomainError):
    """Someone else has changed the row since this page was opened."""

    code = "stale"
    message = N_("这份资料刚被别人改过，请看过新的内容再保存")


class Conflict(DomainError):
    """The state of things does not allow this step (any more)."""

    code = "conflict"
    message = N_("情况已经变了，请刷新后再办")


class Unavailable(DomainError):
    """Something the house depends on does not answer now; trying again later may work."""

    code = "unavailable"
    message = N_("系统正忙，你填的内容还在，请稍后再试")


class TooMany(DomainError):
    """More requests of one account than anybody at work needs; `seconds` until it goes on."""

    code = "too_many"
    message = N_("一下子办得太多了，请等 {seconds} 秒再继续")

    def __init__(self, seconds: int):
        super().__init__(seconds=seconds)
        self.seconds = seconds
