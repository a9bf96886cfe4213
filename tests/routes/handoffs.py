"""Routes of the desk: the work list, the bell, one handoff."""

from __future__ import annotations

from functools import partial

from tests import world as cast
from tests.routes.table import BOTH, POST, Reach, Row

READ = "handoffs.read"

reads = partial(Row, permission=READ)
of_one = partial(
    Row,
    permission=READ,
    reach=Reach.OWN,
    right=cast.REFERRAL_NURSE,
    ids={"handoff_id": "cases.sent.id"},
    whose="cases.sent.person_id",
)

ROWS = (
    reads("bell"),
    reads("handoffs:bell"),
    reads("handoffs:read", methods=POST, acts_at_once=True),
    reads("handoffs:work"),
    reads("handoffs:news"),
    reads("handoffs:export"),
    reads("handoffs:shift"),
    reads("handoffs:side", permission="residents.read", reach=Reach.OWN, whose="person_id"),
    of_one("handoffs:page"),
    of_one("handoffs:preview"),
    of_one("handoffs:message", methods=POST, data={"id": "fresh_id", "text": "请带上病历"}),
    of_one("handoffs:urge", permission="handoffs.urge", methods=POST, acts_at_once=True),
    # A referral is for a desk to take, not for one person, and all its steps have pages of their own: of
    # the kinds there are, none can be taken or moved on these two general pages.
    of_one("handoffs:take", methods=POST, data={"revision": "cases.sent.revision"}, answers=404),
    of_one("handoffs:step", methods=BOTH, words={"name": "accept"}, answers=404, whose=""),
)
