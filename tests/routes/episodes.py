"""Routes of episodes: the thread of a person, visits, and what is written in them."""

from __future__ import annotations

from functools import partial

from tests import world as cast
from tests.routes.table import BOTH, GET, Reach, Row

READ, WRITE = "residents.read", "episodes.write"

reads = partial(Row, permission=READ, reach=Reach.OWN, whose="person_id")
writes = partial(Row, permission=WRITE, reach=Reach.OWN, methods=BOTH, whose="person_id")
a_fact = partial(writes, ids={"fact_id": "vital_id"}, words={"kind": "vital"})
opens = partial(Row, permission=WRITE, reach=Reach.CARD, query={"person": "stranger_id"}, whose="stranger_id")

ROWS = (
    writes("episodes:action", methods=GET),
    reads("episodes:thread"),
    reads("episodes:side_vitals"),
    reads("episodes:side_medications"),
    reads("episodes:vitals"),
    reads("episodes:summary"),
    opens("episodes:new_visit", methods=BOTH),
    opens("episodes:joining"),
    reads("episodes:visit"),
    writes("episodes:end"),
    writes("episodes:discharge", right=cast.TOWNSHIP_DOCTOR, ids={"visit_id": "stay_id"}, whose="kept_id"),
    writes("episodes:add_vitals"),
    writes("episodes:add_diagnosis"),
    writes("episodes:add_note"),
    writes("episodes:add_treatment"),
    writes("episodes:medications"),
    writes("episodes:attach"),
    reads("episodes:attachment", ids={"fact_id": "attachment_id"}),
    reads("episodes:picture", ids={"fact_id": "attachment_id"}),
    a_fact("episodes:correct"),
    a_fact("episodes:withdraw"),
    writes("episodes:long_term"),
    writes("episodes:close"),
    writes("episodes:split"),
    writes("episodes:join"),
)
