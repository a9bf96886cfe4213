"""splink on the invented county: seven comparisons, five blocking rules, trained on the data as its guide
says."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from benchmarks import accuracy
from benchmarks.county import County, county
from benchmarks.measuring import Work


def prepared(people: int, repeats: int) -> Work:
    """The county as a table of DuckDB."""
    known = county(people, repeats)
    return partial(_link, _table(_frame(known)), known)


def at_the_desk(people: int, repeats: int, new: int) -> Work:
    """The last `new` of its records, who are in the county already, come one after the other to the desk of a
    model that was trained on all others."""
    known = county(people, repeats)
    frame = _frame(known)
    connection = _table(frame[:-new])
    linker, db = _trained(connection)
    for name in ("given", "family"):
        linker.table_management.compute_tf_table(name)
    return partial(_ask, linker, db, known.person, frame[-new:])


def _ask(linker: Any, db: Any, person: Any, new: Any) -> Mapping[str, Any]:
    index, taken, found = db.register("county"), [], 0
    for place in range(len(new)):
        start = time.perf_counter()
        one = db.register(new[place : place + 1])
        answer = linker.inference.predict_between(index, one, threshold_match_probability=0.05)
        others = answer.as_pandas_dataframe()["unique_id_l"].to_numpy()
        taken.append((time.perf_counter() - start) * 1000)
        found += bool(np.isin(person[new["unique_id"].iloc[place]], person[others]))
        answer.drop_table_from_database_and_remove_from_cache()
    return {"taken_ms": taken, "found": found}


def _frame(known: County) -> Any:
    import pandas as pd  # noqa: PLC0415 - the comparator is installed for measurements only

    names = ("family", "given", "birth", "sex", "number", "phone", "town")
    columns = {name: pd.Series(getattr(known, name).tolist()).replace("", None) for name in names}
    return pd.DataFrame({"unique_id": np.arange(len(known.person)), **columns})


def _table(frame: Any) -> Any:
    import duckdb  # noqa: PLC0415

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.register("frame", frame)
    connection.execute("CREATE TABLE county AS SELECT * FROM frame")
    return connection


def _link(connection: Any, known: County) -> Mapping[str, Any]:
    linker, _db = _trained(connection)
    pairs = linker.inference.predict(threshold_match_probability=0.05).as_pandas_dataframe()
    one, other = pairs["unique_id_l"].to_numpy(), pairs["unique_id_r"].to_numpy()
    same = known.person[one] == known.person[other]
    found = accuracy.of_pairs(pairs["match_probability"].to_numpy(), same, known.pairs())
    return {"pairs": len(pairs), "f1": found}


def _trained(connection: Any) -> tuple[Any, Any]:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    logging.disable(logging.WARNING)  # splink tells of each step
    db = DuckDBAPI(connection)
    linker = Linker(db.register("county"), _settings(SettingsCreator, block_on))
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("number"), block_on("family", "given", "birth")], recall=0.8
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("number"), block_on("birth", "family"), block_on("family", "given", "town")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    return linker, db


def _settings(creator: Any, block_on: Any) -> Any:
    import splink.comparison_library as cl  # noqa: PLC0415

    return creator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.8]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("family").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("birth", [1, 2]),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("number", [1, 2]),
            cl.ExactMatch("phone"),
            cl.ExactMatch("town"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"),
            block_on("phone"),
            block_on("family", "given", "birth"),
            block_on("birth", "family", "town"),
            block_on("family", "given", "town"),
        ],
    )
