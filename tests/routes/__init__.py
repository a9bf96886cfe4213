"""The route table: every address of the house, whom it answers, and with what. Read by `test_routes.py`."""

from __future__ import annotations

from tests.routes import episodes, handoffs, house, referrals, residents
from tests.routes.table import Reach, Row, routes

ROWS = [*house.ROWS, *residents.ROWS, *episodes.ROWS, *handoffs.ROWS, *referrals.ROWS]

__all__ = ["ROWS", "Reach", "Row", "routes"]
