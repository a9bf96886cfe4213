from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.spine.episodes.domain.attachments import LARGEST, LONGEST_TITLE, AttachmentSpec
from yiti.spine.episodes.forms.fields import text

ACCEPTED = "application/pdf,image/jpeg,image/png"


class AttachmentForm(forms.Form):
    """A file, and what it is."""

    title = text(_("这是什么"), longest=LONGEST_TITLE, hint=_("例如 外院心电图、血常规报告"))
    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、JPG、PNG，最大 10 MB；手机可以直接拍照"),
        widget=forms.ClearableFileInput({"accept": ACCEPTED, "data-most-bytes": LARGEST}),
        error_messages={"required": _("请选一个文件"), "empty": _("这个文件是空的")},
    )

    @property
    def spec(self) -> AttachmentSpec:
        """What was sent."""
        return AttachmentSpec(self.cleaned_data["title"], self.cleaned_data["file"].read())
