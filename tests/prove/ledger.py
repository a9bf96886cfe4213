"""What people were told is done, and what of it stands in the database: lost, doubled, never asked for."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from yiti.ops.database import Database
from yiti.ops.roles import Role

# What a kind of deed leaves behind: an id, and words that nobody else has written.
LEFT = {
    "referral": "SELECT handoff_id, summary FROM referrals_upreferral WHERE starts_with(summary, %(mark)s)",
    "way home": "SELECT handoff_id, treatment FROM referrals_downreferral"
    " WHERE starts_with(treatment, %(mark)s)",
    "visit": "SELECT id, chief_complaint FROM episodes_visit WHERE starts_with(chief_complaint, %(mark)s)",
    "message": "SELECT id, text FROM handoffs_handoffmessage WHERE starts_with(text, %(mark)s)",
}
# A step is known by its referral and its name: none of those taken here may be taken twice.
STEPS = """
    SELECT handoff_id, step FROM handoffs_handoffevent AS event
    WHERE nature = 'step' AND (EXISTS (SELECT FROM referrals_upreferral AS up
            WHERE up.handoff_id = event.handoff_id AND starts_with(up.summary, %(mark)s))
        OR EXISTS (SELECT FROM referrals_downreferral AS down
            WHERE down.handoff_id = event.handoff_id AND starts_with(down.treatment, %(mark)s)))
"""
# Each event of a referral is told to the rest of the house exactly once.
UNTOLD = """
    SELECT count(*) FROM handoffs_handoffevent AS event
    WHERE nature IN ('opened', 'step') AND (
        SELECT count(*) FROM outbox_outboxevent AS told
        WHERE told.payload->>'handoff_id' = event.handoff_id::text
            AND (told.payload->>'seq')::int = event.seq
    ) <> 1 AND handoff_id IN (
        SELECT handoff_id FROM referrals_upreferral WHERE starts_with(summary, %(mark)s)
    )
"""
BY_THE_HOUSE = frozenset({"close"})  # steps the worker takes by itself when the way down is closed


@dataclass(frozen=True)
class Deed:
    """Something that was acknowledged: `id` is the row's, `words` are its text or the name of the step."""

    kind: str
    id: str
    words: str


@dataclass
class Found:
    """What the database says of the deeds: examples of what is wrong, by kind."""

    lost: list[Deed] = field(default_factory=list)
    doubled: list[tuple[str, str]] = field(default_factory=list)
    unasked: list[tuple[str, str]] = field(default_factory=list)
    untold: int = 0


class Ledger:
    """Acknowledged deeds of all writers. Every text they write begins with `mark`."""

    def __init__(self, mark: str = "证") -> None:
        self.mark = mark
        self.deeds: list[Deed] = []
        self.last_began = 0.0  # monotonic: when the newest acknowledged deed was begun
        self._lock = threading.Lock()

    def keep(self, kind: str, id_: str, words: str, *, began: float) -> None:
        """It was said to be done."""
        with self._lock:
            self.deeds.append(Deed(kind, id_, words))
            self.last_began = max(self.last_began, began)

    def heard_since(self, moment: float) -> bool:
        """Whether anything begun after that moment has been acknowledged."""
        return self.last_began > moment

    @property
    def mix(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(sorted(Counter(deed.kind for deed in self.deeds).items()))

    def compare(self, database: Database) -> Found:
        """Hold the deeds against the tables, once everybody has finished."""
        mark = {"mark": self.mark}
        with database.connect(Role.LOADER) as eye:
            rows = {kind: eye.execute(query, mark).fetchall() for kind, query in LEFT.items()}
            rows["step"] = eye.execute(STEPS, mark).fetchall()
            untold = eye.execute(UNTOLD, mark).fetchone()
        assert untold is not None
        found = Found(untold=untold[0])
        for kind, left in rows.items():
            self.compare_kind(kind, [(str(id_), words) for id_, words in left], found)
        return found

    def compare_kind(self, kind: str, left: Iterable[tuple[str, str]], found: Found) -> None:
        """Hold the deeds of a kind against what stands: ids and words; add to `found`."""
        done = {(deed.id, deed.words): deed for deed in self.deeds if deed.kind == kind}
        ids = defaultdict(list)
        for id_, words in left:
            ids[(id_, words) if kind == "step" else ("", words)].append(id_)
        stands = {(id_, words) for (_id, words), several in ids.items() for id_ in several}
        found.lost += [deed for key, deed in done.items() if key not in stands]
        found.doubled += [(kind, key[1]) for key, several in ids.items() if len(several) > 1]
        found.unasked += [(kind, words) for id_, words in stands - done.keys() if words not in BY_THE_HOUSE]


def moment() -> float:
    """Now, for `Ledger.keep`."""
    return time.monotonic()
