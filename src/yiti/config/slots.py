"""What stands in the shell: the rail, its counts, and which panels higher rooms show on lower pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yiti.foundation.web import public as web


def register() -> None:
    """Fill the shell; called once by `config.apps`."""
    web.add_nav(
        web.NavItem("facilities", "building-hospital", "机构", "facilities:list"),
    )


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page: menu, actor, hats, and the demo banner."""
    actor = getattr(request, "actor", None)
    base = {"county": settings.YITI_COUNTY, "idle_minutes": settings.IDLE_MINUTES}
    if actor is None:
        return base
    return {
        **base,
        "actor": actor,
        "hats": getattr(request, "hats", []),
        "nav": web.nav_for(actor),
        "at": getattr(request, "at", None),
    }
