"""What the general forms of the desk take: a step with a comment, a line of talk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.spine.handoffs.domain.texts import LONGEST_COMMENT


class StepForm(forms.Form):
    """A plain step: the revision the page showed, and a comment where the step needs one."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("说明"),
        max_length=LONGEST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_COMMENT}),
    )

    def __init__(self, *args: object, needs_comment: bool = False, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["comment"].required = needs_comment


class MessageForm(forms.Form):
    """A line of talk; the client makes its id, so that a double click says it once."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("留言"),
        max_length=LONGEST_COMMENT,
        widget=forms.TextInput(
            attrs={"class": "input grows", "autocomplete": "off", "placeholder": _("留言")}
        ),
    )
