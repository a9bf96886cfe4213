"""Two custodians together hold the key of the backups; one alone holds nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yiti.ops.errors import OpsError
from yiti.ops.keys import KEY_FILE, make_keys, private_keys, public_key
from yiti.ops.sealing import key_id


@pytest.fixture
def shares(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "usb-1" / "A.share", tmp_path / "usb-2" / "B.share"


def test_both_shares_make_the_key_and_the_server_holds_neither(
    tmp_path: Path, shares: tuple[Path, Path]
) -> None:
    assert public_key(tmp_path) is None
    made = make_keys(tmp_path, shares)

    kept = public_key(tmp_path)
    assert kept is not None
    assert key_id(kept) == made
    (private,) = private_keys([shares[1], shares[0]]).values()
    assert key_id(private.public_key()) == made
    text = (tmp_path / KEY_FILE).read_text(encoding="utf-8")
    secrets = [json.loads(path.read_text(encoding="utf-8"))["secret"] for path in shares]
    assert private.private_bytes_raw().hex() not in [text, *secrets]
    assert not any(secret in text for secret in secrets)
    assert {path.stat().st_mode & 0o777 for path in shares} == {0o600}


def test_one_share_or_one_twice_is_not_enough(tmp_path: Path, shares: tuple[Path, Path]) -> None:
    make_keys(tmp_path, shares)
    for given in ([shares[0]], [shares[1], shares[1]]):
        with pytest.raises(OpsError, match="needs both custodians"):
            private_keys(given)


def test_a_changed_share_is_refused(tmp_path: Path, shares: tuple[Path, Path]) -> None:
    make_keys(tmp_path, shares)
    share = json.loads(shares[0].read_text(encoding="utf-8"))
    turned = share | {"secret": share["secret"][::-1]}
    shares[0].write_text(json.dumps(turned), encoding="utf-8")
    with pytest.raises(OpsError, match="has been changed"):
        private_keys(shares)
    shares[0].write_text("{", encoding="utf-8")
    with pytest.raises(OpsError, match="cannot be read"):
        private_keys(shares)


def test_shares_of_two_pairs_do_not_mix_but_stand_side_by_side(
    tmp_path: Path, shares: tuple[Path, Path]
) -> None:
    later = (tmp_path / "C.share", tmp_path / "D.share")
    first = make_keys(tmp_path, shares)
    with pytest.raises(OpsError, match="Say --replace"):
        make_keys(tmp_path, later)
    second = make_keys(tmp_path, later, replace=True)

    assert set(private_keys([*shares, *later])) == {first, second}
    with pytest.raises(OpsError, match="only share A"):
        private_keys([shares[0], later[1]])
    mixed = json.loads(later[1].read_text(encoding="utf-8")) | {"key": first}
    shares[1].write_text(json.dumps(mixed), encoding="utf-8")
    with pytest.raises(OpsError, match="do not make the key"):
        private_keys(shares)


def test_a_share_is_never_written_over(tmp_path: Path, shares: tuple[Path, Path]) -> None:
    make_keys(tmp_path, shares)
    before = shares[0].read_bytes()
    with pytest.raises(OpsError, match="cannot be written"):
        make_keys(tmp_path, shares, replace=True)
    assert shares[0].read_bytes() == before


def test_a_broken_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(OpsError, match=str(tmp_path / KEY_FILE)):
        public_key(tmp_path)
