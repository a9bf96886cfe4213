"""Sealed files: compressed, encrypted for a public key, and whole or refused.

Layout: `MAGIC`, four bytes of length, the head as JSON, then chunks of 1 MiB and a 16-byte tag each.
Every file has a random data key of its own, wrapped for an X25519 public key; whoever writes needs no
secret. A chunk's nonce is its number and whether it is the last (the STREAM construction), and the
head, which says what the file is, is bound to every chunk: a cut file, moved chunks, and a file
put in another's place are all found out.

Stands alone on cryptography and the standard library: the PostgreSQL server runs it (`archive.py`).
"""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"YITI-SEALED-1\n"
CHUNK = 1 << 20
TAG = 16
LONGEST_HEAD = 1 << 16
SEALED_FOR = "was sealed for the key"
LEVEL = 1  # zlib: WAL at level 6 takes 3 times as long for a tenth less
# The national cipher first (GB/T 32907); its OpenSSL may lack it.
CIPHERS = {"SM4-GCM": (algorithms.SM4, 16), "AES-256-GCM": (algorithms.AES, 32)}


class DamagedFileError(Exception):
    """The file is not what was sealed: cut, changed, or put in another's place."""


class WrongKeyError(Exception):
    """The file was sealed for another key pair."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in the clear before the chunks. `digest` is what was sealed, as SHA-256, where known."""

    name: str
    made_at: str
    cipher: str
    key: str
    ephemeral: str
    wrapped: str
    digest: str


def key_id(public: X25519PublicKey) -> str:
    """The short name of a key pair: 16 hexadecimal digits."""
    return sha256(public.public_bytes_raw()).hexdigest()[:16]


@contextmanager
def sealed(path: Path, *, public: X25519PublicKey, name: str, digest: str = "") -> Iterator[BinaryIO]:
    """Write a sealed file through the stream given; complete and on disk, or not there at all.

    `name` says what the file is; who opens it must name it the same. Raises OSError.
    """
    partial = path.with_name(f"{path.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            writer = _Writer(file, public, name, digest)
            yield writer  # type: ignore[misc]
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def read_head(path: Path) -> Head:
    """The head alone; not yet proven by any key. Raises DamagedFileError."""
    with path.open("rb") as file:
        return _head(file, path)[0]


@contextmanager
def unsealed(path: Path, *, keys: Mapping[str, X25519PrivateKey], name: str) -> Iterator[BinaryIO]:
    """What was sealed, as a stream. Everything is proven only once the stream has been read to its end.

    Raises DamagedFileError, here or while reading, and WrongKeyError when no key of `keys` (by id) fits.
    """
    with path.open("rb") as file:
        head, raw = _head(file, path)
        if head.name != name:
            raise DamagedFileError(f"{path} is not {name!r} but {head.name!r}.")
        reader = _Reader(file, path, _data_key(head, keys, path), head.cipher, sha256(raw).digest())
        yield io.BufferedReader(reader, CHUNK)  # type: ignore[type-var]


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to disk: a renamed file is safe only then."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _head(file: BinaryIO, path: Path) -> tuple[Head, bytes]:
    start = file.read(len(MAGIC) + 4)
    length = int.from_bytes(start[len(MAGIC) :], "big")
    raw = file.read(min(length, LONGEST_HEAD))
    if not start.startswith(MAGIC):
        raise DamagedFileError(f"{path} is not a sealed file of Yiti.")
    try:
        return Head(**json.loads(raw)), raw
    except (ValueError, TypeError) as error:
        raise DamagedFileError(f"{path} has no head that can be read: {error}.") from error


def _wrapping_key(shared: bytes, ephemeral: bytes, public: bytes) -> AESGCM:
    # A pair of ephemeral and public key is used once, so the wrapping needs no nonce of its own.
    return AESGCM(HKDF(SHA256(), 32, salt=ephemeral + public, info=b"yiti backup").derive(shared))


def _data_key(head: Head, keys: Mapping[str, X25519PrivateKey], path: Path) -> bytes:
    private = keys.get(head.key)
    if private is None:
        raise WrongKeyError(f"{path} {SEALED_FOR} {head.key}.")
    try:
        ephemeral = bytes.fromhex(head.ephemeral)
        shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        wrapping = _wrapping_key(shared, ephemeral, private.public_key().public_bytes_raw())
        key = wrapping.decrypt(bytes(12), bytes.fromhex(head.wrapped), head.cipher.encode())
    except (InvalidTag, ValueError) as error:
        raise DamagedFileError(f"{path}: its head has been changed.") from error
    return key


def _best_cipher() -> str:
    for name, (algorithm, size) in CIPHERS.items():
        try:
            Cipher(algorithm(bytes(size)), modes.GCM(bytes(12))).encryptor()
        except UnsupportedAlgorithm:
            continue
        return name
    raise UnsupportedAlgorithm("no authenticated cipher")


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class _Writer(io.RawIOBase):
    """Compresses, cuts into chunks, encrypts. `finish` writes the last chunk, without which nothing opens."""

    def __init__(self, file: BinaryIO, public: X25519PublicKey, name: str, digest: str):
        self._file = file
        cipher = _best_cipher()
        self._algorithm, size = CIPHERS[cipher]
        self._key = os.urandom(size)
        own = X25519PrivateKey.generate()
        ephemeral, recipient = own.public_key().public_bytes_raw(), public.public_bytes_raw()
        wrapping = _wrapping_key(own.exchange(public), ephemeral, recipient)
        wrapped = wrapping.encrypt(bytes(12), self._key, cipher.encode())
        made_at = datetime.now(UTC).isoformat()  # noqa: TID251 - stands alone, without the kernel's clock
        head = Head(name, made_at, cipher, key_id(public), ephemeral.hex(), wrapped.hex(), digest)
        raw = json.dumps(asdict(head)).encode()
        self._bound = sha256(raw).digest()
        self._file.write(MAGIC + len(raw).to_bytes(4, "big") + raw)
        self._compressor = zlib.compressobj(LEVEL)
        self._waiting = bytearray()
        self._number = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += self._compressor.compress(data)
        # A full chunk waits until more comes: it may be the last one.
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        self._waiting += self._compressor.flush()
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        self._put(bytes(self._waiting), last=True)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        nonce = modes.GCM(_nonce(self._number, last=last))
        encryptor = Cipher(self._algorithm(self._key), nonce).encryptor()
        encryptor.authenticate_additional_data(self._bound)
        self._file.write(encryptor.update(chunk) + encryptor.finalize() + encryptor.tag)
        self._number += 1


class _Reader(io.RawIOBase):
    """The way back of `_Writer`; raises DamagedFileError where the file is not what was written."""

    def __init__(self, file: BinaryIO, path: Path, key: bytes, cipher: str, bound: bytes):
        self._file, self._path, self._key, self._bound = file, path, key, bound
        self._algorithm = CIPHERS[cipher][0]
        self._ahead = file.read(CHUNK + TAG)
        self._number = 0
        self._decompressor = zlib.decompressobj()
        self._was_full = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Raises DamagedFileError."""
        while not self._decompressor.eof:
            # After a full buffer zlib may hold back output that no input stands for.
            given = self._decompressor.unconsumed_tail
            plain = self._decompressor.decompress(given, len(buffer)) if given or self._was_full else b""
            if not plain and not self._decompressor.eof:
                plain = self._decompressor.decompress(self._next_chunk(), len(buffer))
            self._was_full = len(plain) == len(buffer)
            if plain:
                buffer[: len(plain)] = plain
                return len(plain)
        if self._ahead:
            raise DamagedFileError(f"{self._path} holds more than was sealed.")
        return 0

    def _next_chunk(self) -> bytes:
        chunk, self._ahead = self._ahead, self._file.read(CHUNK + TAG)
        body, tag = chunk[:-TAG], chunk[-TAG:]
        nonce = _nonce(self._number, last=not self._ahead)
        self._number += 1
        try:
            decryptor = Cipher(self._algorithm(self._key), modes.GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(self._bound)
            return decryptor.update(body) + decryptor.finalize()
        except (InvalidTag, ValueError) as error:
            raise DamagedFileError(f"{self._path} is damaged or cut short (chunk {self._number}).") from error
