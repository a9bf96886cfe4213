"""Every import contract holds, and each of them sees the import that it forbids.

Faults are planted in copies of the one graph of imports, so that showing them all takes a moment.
`test_architecture` plants one in the source and runs the program, as `make lint` does.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from grimp import ImportGraph, build_graph
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

READ = read_configuration(str(Path(__file__).resolve().parents[1] / ".importlinter"))
CONTRACTS: dict[str, dict[str, Any]] = {each["id"]: each for each in READ["contracts_options"]}
DOORS = {id_: each["protected_modules"] for id_, each in CONTRACTS.items() if id_.startswith("door-")}
TYPES = {"layers": LayersContract, "forbidden": ForbiddenContract, "protected": ProtectedContract}
ALONE = ""  # a module that nobody imports and that imports nothing

FAULTS = {
    "upwards between floors": ("floors", "yiti.kernel.money", "yiti.foundation.access.public"),
    "a floor nobody named": ("floors", "yiti.cellar", ALONE),
    "upwards in the foundation": (
        "foundation-order",
        "yiti.foundation.audit.domain",
        "yiti.foundation.web.domain",
    ),
    "a room of the foundation nobody named": ("foundation-order", "yiti.foundation.attic", ALONE),
    "upwards in the registry": (
        "registry-order",
        "yiti.registry.facilities.selectors",
        "yiti.registry.staff.public",
    ),
    "upwards in the spine": ("spine-order", "yiti.spine.episodes.selectors", "yiti.spine.handoffs.public"),
    "a room of care nobody named": ("care-order", "yiti.care.attic", ALONE),
    "upwards inside a room": ("shape", "yiti.registry.staff.models", "yiti.registry.staff.selectors"),
    "a file of no known kind": ("shape", "yiti.registry.staff.odds", ALONE),
    "a domain that knows Django": ("pure", "yiti.registry.staff.domain", "django"),
    "a kernel that knows the database": ("pure", "yiti.kernel.money", "psycopg"),
    "a page at the tables": (
        "edges-without-models",
        "yiti.foundation.accounts.views",
        "yiti.foundation.accounts.models",
    ),
    **{f"past the door of {room}": (id_, "yiti.ops.cli", f"{room}.domain") for id_, room in DOORS.items()},
}


@pytest.fixture(scope="module")
def imports() -> ImportGraph:
    """Who imports whom in the house."""
    return build_graph("yiti", include_external_packages=True, cache_dir=None)


def kept(contract: str, graph: ImportGraph) -> bool:
    """Whether this contract holds in that graph."""
    options = CONTRACTS[contract]
    made = TYPES[options["type"]](options["name"], READ["session_options"], options)
    return bool(made.check(deepcopy(graph), verbose=False).kept)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_holds(contract: str, imports: ImportGraph) -> None:
    assert kept(contract, imports)


@pytest.mark.parametrize(("contract", "importer", "imported"), FAULTS.values(), ids=FAULTS.keys())
def test_a_contract_sees_its_fault(contract: str, importer: str, imported: str, imports: ImportGraph) -> None:
    planted = deepcopy(imports)
    if imported == ALONE:
        assert importer not in planted.modules
        planted.add_module(importer)
    else:
        assert {importer, imported} <= planted.modules
        planted.add_import(importer=importer, imported=imported)
    assert not kept(contract, planted)


def test_no_contract_is_without_a_fault() -> None:
    assert {contract for contract, _importer, _imported in FAULTS.values()} == set(CONTRACTS)
