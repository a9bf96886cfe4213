"""The form of a new visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.kernel.errors import InvalidInput
from yiti.spine.episodes.domain import (
    Certainty,
    DiagnosisRole,
    Limits,
    VisitKind,
    VitalKind,
    ensure_plausible,
    ensure_pressures_agree,
)
from yiti.spine.episodes.domain.specs import (
    LONGEST_COMPLAINT,
    LONGEST_LINE,
    LONGEST_REASON,
    DiagnosisSpec,
    EpisodeChoice,
    TreatmentSpec,
    VisitOpening,
)
from yiti.spine.episodes.forms.facts import NoteForm, VitalsForm
from yiti.spine.episodes.forms.fields import (
    Choices,
    CodesField,
    LabelOf,
    Picker,
    segments,
    select,
    show_refusal,
    text,
)

AUTO, NEW = "auto", "new"
MOST_TREATMENTS = 10


class VisitForm(VitalsForm, NoteForm):
    """Everything that may be written when a visit begins.

    `episode` is `auto` (as the rule says), `new`, or the id of an open episode; the page draws its
    choices beside the form, since they follow from the diagnosis.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    medications_seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    chief_complaint = text(_("主诉"), longest=LONGEST_COMPLAINT, hint=_("例如：胸闷 3 天"))
    treatments = text(
        _("已做处置"),
        longest=MOST_TREATMENTS * (LONGEST_LINE + 2),
        required=False,
        rows=2,
        hint=_("一行一项，例如：阿司匹林 300 mg 嚼服"),
    )
    episode = forms.CharField(required=False, max_length=36)
    join_reason = text(_("为什么不按建议"), longest=LONGEST_REASON, required=False)
    is_long_term = forms.BooleanField(label=_("长期管理（慢性病），不自动关闭"), required=False)

    def __init__(
        self,
        *args: Any,
        departments: Choices,
        address: str,
        label_of: LabelOf,
        limits: Limits,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.limits = limits
        kinds = [(kind.value, _(kind.zh)) for kind in VisitKind]
        self.fields["kind"] = select(_("类型"), kinds, initial=VisitKind.OUTPATIENT)
        if departments:
            self.fields["department"] = select(_("科室"), departments, required=False)
        self.fields["main_diagnosis"] = CodesField(
            label=_("主要诊断"), required=False, widget=Picker(address, label_of, many=False)
        )
        self.fields["certainty"] = segments(
            _("把握"), [(c.value, _(c.zh)) for c in Certainty], initial=Certainty.CONFIRMED
        )
        self.fields["diagnoses"] = CodesField(
            label=_("其他诊断"), required=False, widget=Picker(address, label_of, many=True)
        )

    def clean(self) -> dict[str, Any]:
        """Every impossible value at once, each beside its field."""
        cleaned = super().clean() or {}
        self.cleaned_data = cleaned
        readings = {each.kind: each for each in self.readings}
        for each in readings.values():
            self._check(partial(ensure_plausible, each, self.limits))
        self._check(partial(ensure_pressures_agree, readings))
        if len(self._lines()) > MOST_TREATMENTS:
            self.add_error("treatments", _("最多 10 项，其余请保存后再加"))
        return cleaned

    def clean_episode(self) -> UUID | str:
        """`auto`, `new` or an id; whose it is the command checks."""
        chosen: str = self.cleaned_data["episode"] or AUTO
        if chosen in (AUTO, NEW):
            return chosen
        try:
            return UUID(chosen)
        except ValueError:
            raise forms.ValidationError(_("请选一个过程")) from None

    def _check(self, rule: Callable[[], None]) -> None:
        try:
            rule()
        except InvalidInput as error:
            show_refusal(self, error)

    def _lines(self) -> list[str]:
        return [line for line in self.cleaned_data.get("treatments", "").splitlines() if line.strip()]

    def opening(self, person_id: UUID) -> VisitOpening:
        """How the visit begins."""
        cleaned = self.cleaned_data
        return VisitOpening(
            id=cleaned["id"],
            person_id=person_id,
            kind=VisitKind(cleaned["kind"]),
            chief_complaint=cleaned["chief_complaint"],
            department_id=UUID(chosen) if (chosen := cleaned.get("department")) else None,
            choice=self._choice(),
            is_long_term=cleaned["is_long_term"],
        )

    def _choice(self) -> EpisodeChoice | None:
        chosen: UUID | str = self.cleaned_data["episode"]
        if chosen == AUTO:
            return None
        return EpisodeChoice(
            episode_id=chosen if isinstance(chosen, UUID) else None, reason=self.cleaned_data["join_reason"]
        )

    @property
    def diagnoses(self) -> list[DiagnosisSpec]:
        """The main diagnosis, then the others."""
        cleaned = self.cleaned_data
        main = [
            DiagnosisSpec(code, certainty=Certainty(cleaned["certainty"]))
            for code in cleaned["main_diagnosis"]
        ]
        others = [DiagnosisSpec(code, DiagnosisRole.SECONDARY) for code in cleaned["diagnoses"]]
        return main + others

    @property
    def treatment_specs(self) -> list[TreatmentSpec]:
        """What was done, one a line."""
        return [TreatmentSpec(line) for line in self._lines()]

    @property
    def vital_fields(self) -> list[forms.BoundField]:
        """The inputs of vital signs, for the grid."""
        return [self[kind.field] for kind in VitalKind]
