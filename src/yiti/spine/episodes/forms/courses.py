"""Forms for episodes as a whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.spine.episodes.domain.specs import LONGEST_REASON
from yiti.spine.episodes.forms.fields import Choices, select, text


class CloseForm(forms.Form):
    """Why a course of care is over."""

    reason = text(_("原因"), longest=LONGEST_REASON, hint=_("例如：痊愈，不用再来"))
    revision = forms.IntegerField(widget=forms.HiddenInput)


class SplitForm(forms.Form):
    """Which visits become an episode of their own."""

    visits = forms.MultipleChoiceField(
        label=_("分出哪些就诊"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选要分出去的就诊")},
    )
    problem = text(_("新过程是什么问题"), longest=120)
    reason = text(_("原因"), longest=LONGEST_REASON, hint=_("例如：和胸闷不是一回事"))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, visits: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["visits"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = visits
        field.widget.template_name = "web/widgets/choices.html"


class JoinForm(forms.Form):
    """Into which episode this one goes. The value of a choice holds the id and the revision seen."""

    reason = text(_("原因"), longest=LONGEST_REASON, hint=_("例如：同一次发病"))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, episodes: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {"episode": select(_("并入哪个过程"), episodes), **self.fields}
