"""Files of a visit: what is taken, what is refused, and how one comes out again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from yiti.kernel.actor import Actor
from yiti.kernel.errors import Conflict, InvalidInput, NotFound
from yiti.spine.episodes.commands import attach_file, end_visit, withdraw_fact
from yiti.spine.episodes.domain import attachments
from yiti.spine.episodes.domain.attachments import AttachmentSpec, MediaType, sniff
from yiti.spine.episodes.domain.specs import Correction
from yiti.spine.episodes.models import Attachment, AttachmentContent, Visit
from yiti.spine.episodes.selectors import attachment, visit_detail
from yiti.spine.episodes.tests.browsers import at_desk
from yiti.spine.episodes.tests.builders import (
    A_PICTURE,
    a_county_doctor,
    a_doctor,
    a_patient,
    a_visit,
)

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20 + b"\xff\xd9"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(PDF, MediaType.PDF, id="pdf"),
        pytest.param(JPEG, MediaType.JPEG, id="jpeg"),
        pytest.param(A_PICTURE, MediaType.PNG, id="png"),
        pytest.param(JPEG + bytes(600), MediaType.JPEG, id="padded by a scanner"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"<html><script>alert(1)</script></html>", None, id="a page"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", None, id="a drawing that can run"),
        pytest.param(b"MZ" + PDF, None, id="a program before a pdf"),
        pytest.param(b"PK\x03\x04" + bytes(100), None, id="an archive"),
        pytest.param(PDF[:-8], None, id="a pdf cut short"),
        pytest.param(A_PICTURE[:-4], None, id="a picture cut short"),
        pytest.param(JPEG[:-2], None, id="a photograph cut short"),
        pytest.param(b"GIF89a" + bytes(50), None, id="a sort we do not take"),
    ],
)
def test_the_sort_is_told_by_the_bytes(content: bytes, found: MediaType | None) -> None:
    assert sniff(content) is found


@pytest.fixture
def doctor(code_tables: None, db: None) -> Actor:
    return a_doctor()


@pytest.fixture
def visit(doctor: Actor, at: datetime) -> Visit:
    return a_visit(doctor, a_patient(doctor, at=at), at=at)


def attach(
    doctor: Actor, visit: Visit, at: datetime, content: bytes = A_PICTURE, title: str = "心电图"
) -> Any:
    return attach_file(actor=doctor, visit_id=visit.id, spec=AttachmentSpec(title, content), at=at)


def test_what_went_in_comes_out(doctor: Actor, visit: Visit, at: datetime) -> None:
    made = attach(doctor, visit, at)
    _visit, row, content = attachment(doctor, visit.id, made)
    assert (row.title, row.media_type, row.size, content) == (
        "心电图",
        MediaType.PNG,
        len(A_PICTURE),
        A_PICTURE,
    )


def test_the_same_file_twice_is_one(doctor: Actor, visit: Visit, at: datetime) -> None:
    assert attach(doctor, visit, at) == attach(doctor, visit, at, title="又一次")
    assert Attachment.objects.count() == AttachmentContent.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "title", "field"),
    [
        pytest.param(b"<html>", "页面", "file", id="another sort"),
        pytest.param(A_PICTURE, "  ", "title", id="no title"),
        pytest.param(A_PICTURE, "名" * 61, "title", id="a title too long"),
    ],
)
def test_what_is_not_taken_is_refused_beside_its_field(
    doctor: Actor, visit: Visit, at: datetime, content: bytes, title: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        attach(doctor, visit, at, content, title)
    assert refused.value.field == field
    assert not Attachment.objects.exists()


def test_a_file_too_large_is_refused(
    doctor: Actor, visit: Visit, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "LARGEST", len(A_PICTURE) - 1)
    with pytest.raises(InvalidInput, match="10 MB"):
        attach(doctor, visit, at)


def test_a_visit_holds_thirty(
    doctor: Actor, visit: Visit, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yiti.spine.episodes.commands.attaching.MOST_OF_A_VISIT", 1)
    attach(doctor, visit, at)
    with pytest.raises(Conflict):
        attach(doctor, visit, at, PDF)


def test_a_report_that_comes_late_is_attached_to_a_visit_that_has_ended(
    doctor: Actor, visit: Visit, at: datetime
) -> None:
    end_visit(actor=doctor, visit_id=visit.id, revision=1, at=at)
    assert attach(doctor, visit, at)


def test_elsewhere_nothing_is_attached(doctor: Actor, visit: Visit, at: datetime) -> None:
    with pytest.raises(NotFound):
        attach(a_county_doctor(), visit, at)


def test_a_file_of_another_person_is_withdrawn_and_gone(doctor: Actor, visit: Visit, at: datetime) -> None:
    made = attach(doctor, visit, at)
    withdraw_fact(
        actor=doctor,
        visit_id=visit.id,
        kind="attachment",
        correction=Correction(made, "附到了别人身上"),
        at=at,
    )
    assert visit_detail(doctor, visit.id, at).attachments == ()
    with pytest.raises(NotFound):
        attachment(doctor, visit.id, made)
    assert attach(doctor, visit, at) != made  # it may be attached anew


# --- pages ----------------------------------------------------------------------------------------
@pytest.fixture
def browser(doctor: Actor) -> Any:
    return at_desk(doctor)


def send(browser: Any, visit: Visit, content: bytes, name: str = "../../etc/心电图.png") -> HttpResponse:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    address = reverse("episodes:attach", args=[visit.id])
    answer: HttpResponse = browser.post(address, {"title": "外院心电图", "file": file})
    return answer


def test_a_picture_is_attached_shown_and_taken_down(browser: Any, visit: Visit) -> None:
    assert send(browser, visit, A_PICTURE).status_code == 302
    page = browser.get(reverse("episodes:visit", args=[visit.id])).content.decode()
    assert "外院心电图" in page
    assert "etc/" not in page  # without its stroke it may stand in a form's token
    made = Attachment.objects.get()
    shown = browser.get(reverse("episodes:picture", args=[visit.id, made.id]))
    address = reverse("episodes:attachment", args=[visit.id, made.id])
    assert f'src="{address}"' in shown.content.decode()
    file = browser.get(address)
    assert file.content == A_PICTURE
    assert file.headers["Content-Type"] == "image/png"  # as found, not as claimed
    assert file.headers["Content-Disposition"] == f'attachment; filename="yiti-{made.id.hex[-8:]}.png"'
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"


def test_a_page_in_disguise_is_refused_with_a_sentence(browser: Any, visit: Visit) -> None:
    answer = send(browser, visit, b"<html><script>alert(1)</script></html>", "照片.png")
    assert answer.status_code == 422
    assert "只能附 PDF、JPG、PNG 文件" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_without_a_file_one_is_asked_for_it(browser: Any, visit: Visit) -> None:
    answer = browser.post(reverse("episodes:attach", args=[visit.id]), {"title": "心电图"})
    assert answer.status_code == 422
    assert "请选一个文件" in answer.content.decode()


def test_a_pdf_has_no_page_of_its_own(browser: Any, visit: Visit, doctor: Actor, at: datetime) -> None:
    made = attach(doctor, visit, at, PDF)
    assert browser.get(reverse("episodes:picture", args=[visit.id, made])).status_code == 404
    assert browser.get(reverse("episodes:attachment", args=[visit.id, made])).status_code == 200
