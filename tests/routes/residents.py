"""Routes of residents: finding people, and the record of one."""

from __future__ import annotations

from functools import partial

from tests import world as cast
from tests.routes.table import BOTH, POST, Reach, Row

SEARCH, READ, WRITE, MERGE = "residents.search", "residents.read", "residents.write", "residents.merge"

reads = partial(Row, permission=READ, reach=Reach.OWN, whose="person_id")
writes = partial(Row, permission=WRITE, reach=Reach.OWN, methods=BOTH, whose="person_id")
merges = partial(
    Row,
    permission=MERGE,
    reach=Reach.OWN,
    methods=BOTH,
    right=cast.TOWNSHIP_DOCTOR,
    ids={"person_id": "kept_id"},
    whose="kept_id",
)
pairs = partial(Row, permission=MERGE, reach=Reach.CARD, right=cast.TOWNSHIP_DOCTOR)

audits = partial(Row, permission="audit.read", right=cast.AUDITOR)

GLASS = (
    audits("residents:glasses"),
    audits("residents:export_glasses"),
    audits("residents:glass_bell"),
    audits("residents:glass", methods=BOTH, whose="stranger_id"),
    Row("residents:glass_news", READ),
    Row("residents:read_glass_news", READ, methods=POST, acts_at_once=True),
)
ROWS = (
    *GLASS,
    Row("residents:people", SEARCH),
    Row("residents:search", SEARCH),
    Row("residents:pick", SEARCH),
    Row("residents:villages", SEARCH),
    Row("residents:register", WRITE, methods=BOTH),
    Row("residents:matches", WRITE),
    Row("residents:check_number", WRITE),
    reads("residents:record"),
    reads("residents:facts"),
    reads("residents:looks"),
    reads("residents:slip", methods=BOTH, acts_at_once=True),
    Row("looked", reach=Reach.PUBLIC, methods=BOTH, right=None),
    reads("residents:reveal_number"),
    reads("residents:reveal_phone"),
    writes("residents:edit"),
    writes("residents:move"),
    writes("residents:death"),
    writes("residents:new_allergy"),
    writes("residents:correct_allergy"),
    writes("residents:refute_allergy"),
    writes("residents:new_risk"),
    writes("residents:end_risk"),
    writes("residents:new_document"),
    writes("residents:end_document", acts_at_once=True),
    writes("residents:household"),
    Row(
        "residents:closed",
        SEARCH,
        Reach.CARD,
        BOTH,
        ids={"person_id": "stranger_id"},
        whose="stranger_id",
    ),
    merges("residents:merge"),
    merges("residents:unmerge"),
    pairs("residents:duplicates"),
    pairs("residents:export_duplicates", reach=Reach.HOUSE),
    pairs("residents:compared", whose="pair_one_id"),
    pairs("residents:merge_pair", methods=BOTH, whose="pair_one_id"),
    pairs("residents:different", methods=BOTH, whose="pair_one_id"),
    pairs("residents:reopen_pair", methods=BOTH, whose="pair_one_id", acts_at_once=True),
)
