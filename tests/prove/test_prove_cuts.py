"""Long proof (reliability T6): the line between browsers and pages breaks, and every post is sent again."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from tests.ops.processes import wait_for
from tests.proofs import SHARE
from tests.prove import houses
from tests.prove.cutting import FATES, Weather, cutting
from tests.prove.desk import Troubles
from tests.prove.ledger import Found, Ledger
from tests.prove.people import NEAR, Stage, Writer
from tests.serving import RunningServer

pytestmark = pytest.mark.prove

POSTS, REFERRALS, CONTROL_POSTS = (max(20, round(n * SHARE)) for n in (20_000, 3_000, 400))
CUTS = 1_000 if SHARE == 1 else 1  # a few posts may have little bad luck
WRITERS = 16  # each an account of its own: no account may write more than a person can
MESSAGES = 5  # lines of talk on each referral: cheaper than a referral, and known by an id in the same way
PATIENCE_SECONDS = 15.0
LONGEST_SECONDS = 3 * 3600
ROUGH = {**FATES, "cut before the answer is delivered": 0.1}


@dataclass
class Trial:
    """What the writers did through the broken line, and what stands."""

    ledger: Ledger
    weather: Weather
    troubles: Troubles = field(default_factory=Troubles)
    found: Found = field(default_factory=Found)
    refusals: list[str] = field(default_factory=list)

    @property
    def sent_again(self) -> int:
        """Posts whose sender could not know what had become of them."""
        return sum(n for what, n in self.troubles.counts.items() if what.startswith("POST"))


def write_through(server: RunningServer, trial: Trial, posts: int, *, is_careless: bool = False) -> Trial:
    """Writers post through the proxy until that many posts are acknowledged."""
    stage = Stage.of(server.database, server.url, patience=PATIENCE_SECONDS)
    ending = threading.Event()
    with cutting(stage.address, trial.weather) as proxy:
        through = replace(stage, address=proxy, is_careless=is_careless)
        logins = [login for login in stage.patients if login not in NEAR][:WRITERS]
        writers = [
            Writer(through, trial.ledger, trial.troubles, ending, login, messages=MESSAGES, is_brisk=True)
            for login in logins
        ]
        for writer in writers:
            writer.start()
        try:
            wait_for(lambda: len(trial.ledger.deeds) >= posts, LONGEST_SECONDS)
        finally:
            ending.set()
            for writer in writers:
                writer.join()
    trial.refusals = [refusal for writer in writers for refusal in writer.refusals]
    trial.found = trial.ledger.compare(server.database)
    return trial


def test_cut_lines_double_and_lose_nothing(example_server: RunningServer, proof: Callable[..., None]) -> None:
    server = example_server
    naive = Trial(Ledger("对"), Weather(ROUGH, random.Random(17)))
    write_through(server, naive, CONTROL_POSTS, is_careless=True)
    trial = Trial(Ledger(), Weather(FATES, random.Random(19)))
    write_through(server, trial, POSTS)
    left_over = houses.left_over(server.database)

    assert naive.found.doubled, "a harness that cannot see a double proves nothing"
    assert trial.refusals == []
    assert trial.found == Found()
    assert trial.sent_again >= CUTS
    assert trial.ledger.mix["referral"] >= REFERRALS
    assert left_over == 0
    assert houses.keeps_its_promises(server.database)
    proof(
        "cut-lines",
        acknowledged=len(trial.ledger.deeds),
        acknowledged_of_each_kind=json.dumps(trial.ledger.mix),
        exchanges_of_each_fate=json.dumps(dict(sorted(trial.weather.counts.items()))),
        posts_sent_again=trial.sent_again,
        troubles_on_the_way=json.dumps(dict(sorted(trial.troubles.counts.items()))),
        lost=0,
        doubled=0,
        stored_without_being_asked=0,
        control_posts=len(naive.ledger.deeds),
        control_posts_sent_again=naive.sent_again,
        doubled_by_the_control_with_a_new_id_at_each_try=len(naive.found.doubled),
    )
