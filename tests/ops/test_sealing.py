"""A sealed file comes back whole, for its key, under its name; or it is refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from yiti.ops import sealing
from yiti.ops.sealing import (
    CIPHERS,
    MAGIC,
    TAG,
    DamagedFileError,
    WrongKeyError,
    key_id,
    read_head,
    sealed,
    unsealed,
)

CHUNK = 1 << 14  # smaller than the real one, so that many chunks are soon made
PRIVATE = X25519PrivateKey.generate()
KEYS = {key_id(PRIVATE.public_key()): PRIVATE}
NAME = "wal 000000010000000000000001"
HARD = random.Random(5).randbytes(3 * CHUNK + 777)  # does not compress, so it fills chunks


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK", CHUNK)


def seal(path: Path, content: bytes, name: str = NAME) -> None:
    with sealed(path, public=PRIVATE.public_key(), name=name) as out:
        for start in range(0, len(content), 30_000):
            out.write(content[start : start + 30_000])


def opened(path: Path, name: str = NAME) -> bytes:
    with unsealed(path, keys=KEYS, name=name) as stream:
        return stream.read()


CONTENTS = {
    "nothing": b"",
    "a word": b"county",
    "zeros, which one chunk holds many of": bytes(40 * CHUNK),
    "several chunks": HARD,
    "hard and soft": HARD + bytes(5 * CHUNK) + HARD,
}


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_what_is_sealed_comes_back(
    content: bytes, cipher: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_best_cipher", lambda: cipher)
    seal(tmp_path / "file", content)

    assert opened(tmp_path / "file") == content
    assert read_head(tmp_path / "file").cipher == cipher
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert content[:50] not in (tmp_path / "file").read_bytes() or len(content) < 50


def test_the_edge_of_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the last chunk is exactly full: zlib at level 0 stores, so that such a length is met."""
    monkeypatch.setattr(sealing, "LEVEL", 0)
    path, rests = tmp_path / "file", []
    for length in range(3 * CHUNK - 60, 3 * CHUNK):
        seal(path, HARD[:length])
        rests.append((len(path.read_bytes()) - _start(path.read_bytes())) % (CHUNK + TAG))
        assert opened(path) == HARD[:length]
    assert {CHUNK + TAG - 1, 0, TAG + 1} <= set(rests), "one short, exactly full, and one over"


def _start(content: bytes) -> int:
    return len(MAGIC) + 4 + int.from_bytes(content[len(MAGIC) : len(MAGIC) + 4], "big")


def _chunks(content: bytes) -> list[bytes]:
    start, step = _start(content), CHUNK + TAG
    return [content[at : at + step] for at in range(start, len(content), step)]


def swapped(content: bytes) -> bytes:
    one, two, *rest = _chunks(content)
    return content[: _start(content)] + b"".join([two, one, *rest])


def without_a_chunk(content: bytes) -> bytes:
    one, _, *rest = _chunks(content)
    return content[: _start(content)] + b"".join([one, *rest])


def flipped(at: Callable[[bytes], int]) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        changed = bytearray(content)
        changed[at(content)] ^= 1
        return bytes(changed)

    return change


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "cut within a chunk": lambda content: content[:-100],
    "cut after a whole chunk": lambda content: content[: -len(_chunks(content)[-1])],
    "cut to its head": lambda content: content[: _start(content)],
    "cut within its head": lambda content: content[:40],
    "emptied": lambda content: b"",
    "two chunks swapped": swapped,
    "a chunk left out": without_a_chunk,
    "something added": lambda content: content + b"x",
    "a chunk added": lambda content: content + _chunks(content)[-1],
    "a bit of its content": flipped(lambda content: _start(content) + CHUNK // 2),
    "a bit of its tag": flipped(lambda content: len(content) - 1),
    "a bit of its wrapped key": flipped(lambda content: content.index(b'"wrapped": "') + 14),
    "its moment": lambda content: content.replace(b'"made_at": "20', b'"made_at": "19', 1),
    "its cipher": lambda content: content.replace(b'"cipher": "SM4-GCM"', b'"cipher": "AES-256"', 1),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_refused(fault: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "file"
    seal(path, HARD)
    whole = path.read_bytes()
    assert opened(path) == HARD

    path.write_bytes(fault(whole))

    assert path.read_bytes() != whole
    with pytest.raises(DamagedFileError, match=str(path)):
        opened(path)


def test_a_file_in_anothers_place_is_refused(tmp_path: Path) -> None:
    seal(tmp_path / "one", HARD, "wal one")
    seal(tmp_path / "two", HARD, "wal two")
    (tmp_path / "two").rename(tmp_path / "one")
    with pytest.raises(DamagedFileError, match="is not 'wal one' but 'wal two'"):
        opened(tmp_path / "one", "wal one")

    content = (tmp_path / "one").read_bytes()
    (tmp_path / "one").write_bytes(content.replace(b"wal two", b"wal one", 1))
    with pytest.raises(DamagedFileError, match="damaged or cut short"):
        opened(tmp_path / "one", "wal one")


def test_another_key_does_not_open(tmp_path: Path) -> None:
    seal(tmp_path / "file", HARD)
    other = X25519PrivateKey.generate()
    with (
        pytest.raises(WrongKeyError, match=key_id(PRIVATE.public_key())),
        unsealed(tmp_path / "file", keys={key_id(other.public_key()): other}, name=NAME),
    ):
        pass
    with (
        pytest.raises(DamagedFileError, match="head"),
        unsealed(tmp_path / "file", keys={key_id(PRIVATE.public_key()): other}, name=NAME),
    ):
        pass


def test_what_is_cut_short_while_sealing_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="disk full"),
        sealed(tmp_path / "file", public=PRIVATE.public_key(), name=NAME),
    ):
        raise OSError("disk full")
    assert list(tmp_path.iterdir()) == []
