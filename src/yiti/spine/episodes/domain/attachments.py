"""Files attached to a visit: which sorts, how they are told, how large."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from yiti.kernel.errors import InvalidInput
from yiti.kernel.text import N_
from yiti.spine.episodes.domain.texts import clean_line

LARGEST = 10 * 1024 * 1024  # bytes; a page photographed by a phone has 2 to 6 MB
MOST_OF_A_VISIT = 30
LONGEST_TITLE = 60


class MediaType(StrEnum):
    """What may be attached (FHIR Attachment.contentType): what every browser shows without a program."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def extension(self) -> str:
        """The end of a file name of ours."""
        return {MediaType.PDF: "pdf", MediaType.JPEG: "jpg", MediaType.PNG: "png"}[self]

    @property
    def is_image(self) -> bool:
        """Whether a page can show it."""
        return self is not MediaType.PDF


# How each begins, and what has to stand at its end (within the last bytes, as scanners pad files).
_MARKS = {
    MediaType.PDF: (b"%PDF-", b"%%EOF"),
    MediaType.JPEG: (b"\xff\xd8\xff", b"\xff\xd9"),
    MediaType.PNG: (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}
_TAIL = 2048


@dataclass(frozen=True, slots=True)
class AttachmentSpec:
    """A file as it was sent, and what the doctor calls it."""

    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: its sort as found in it, its SHA-256 in hex."""

    title: str
    media_type: MediaType
    content: bytes
    sha256: str


def sniff(content: bytes) -> MediaType | None:
    """The sort of a whole file by its bytes; None for any other, and for one that is cut short."""
    for found, (begins, ends) in _MARKS.items():
        if content.startswith(begins) and ends in content[-_TAIL:]:
            return found
    return None


def check_file(spec: AttachmentSpec) -> CheckedFile:
    """The file, fit to be kept. Raises InvalidInput on `file` or `title` with what to do."""
    title = clean_line(spec.title, longest=LONGEST_TITLE, field="title")
    if not title:
        raise InvalidInput(N_("请写这是什么，例如 血常规报告"), field="title")
    if len(spec.content) > LARGEST:
        raise InvalidInput(N_("文件超过 10 MB，请拍小一点或分开上传"), field="file")
    media_type = sniff(spec.content)
    if media_type is None:
        raise InvalidInput(N_("只能附 PDF、JPG、PNG 文件，这个文件不是或没传全"), field="file")
    return CheckedFile(title, media_type, spec.content, hashlib.sha256(spec.content).hexdigest())
