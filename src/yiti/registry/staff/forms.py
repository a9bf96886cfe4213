"""Input shape of the questions about people at work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请选日期"), "invalid": _("日期写成 2026-11-20")},
    )


class EndPostingForm(forms.Form):
    """The last day somebody works in a posting, and who takes the work over (`colleagues`: id and name)."""

    last_day = _day(_("最后一天"))
    successor = forms.TypedChoiceField(
        label=_("手上的工作交给"),
        required=False,
        coerce=UUID,
        empty_value=None,
        error_messages={"invalid_choice": _("列表刚变过，请重新选")},
    )

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [("", _("不指定，退回科室")), *colleagues]  # type: ignore[attr-defined]


class StandInForm(forms.Form):
    """Who does somebody's work, from which day to which (`colleagues`: id and name)."""

    stand_in = forms.TypedChoiceField(
        label=_("代班的人"),
        coerce=UUID,
        error_messages={"required": _("请选一个人"), "invalid_choice": _("列表刚变过，请重新选")},
    )
    first_day = _day(_("从"))
    last_day = _day(_("到（含）"))

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].choices = [("", _("请选择")), *colleagues]  # type: ignore[attr-defined]
