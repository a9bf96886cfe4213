"""Forms for what is written into a visit, and for putting it right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiti.spine.episodes.domain import (
    Certainty,
    DiagnosisRole,
    DischargeWay,
    Outcome,
    VitalKind,
    VitalValue,
)
from yiti.spine.episodes.domain.specs import (
    LONGEST_LINE,
    LONGEST_REASON,
    LONGEST_TEXT,
    DiagnosisSpec,
    DischargeSpec,
    MedicationSpec,
    NoteSpec,
    TreatmentSpec,
)
from yiti.spine.episodes.forms.fields import (
    Choices,
    CodesField,
    LabelOf,
    Picker,
    segments,
    select,
    text,
    vital_field,
    vital_value,
)

MOST_DRUGS = 30
NOTE_PARTS = (
    ("subjective", _("主诉和病史"), _("哪里不舒服、多久了、用过什么药")),
    ("objective", _("查体和检查"), _("看到、摸到、听到、测到的")),
    ("assessment", _("评估"), _("判断是什么、严不严重")),
    ("plan", _("处理计划"), _("怎么治、什么时候再来")),
)


class CorrectionForm(forms.Form):
    """Why something is put right; mixed into the forms of facts when they correct one."""

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if corrects:
            self.fields["reason"] = text(_("改正原因"), longest=LONGEST_REASON)


class VitalsForm(forms.Form):
    """All vital signs, each optional; `last` says what was measured last, by kind."""

    def __init__(self, *args: Any, plainly: bool, last: dict[VitalKind, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in VitalKind:
            self.fields[kind.field] = vital_field(kind, plainly=plainly, help_text=last.get(kind, ""))

    @property
    def readings(self) -> list[VitalValue]:
        """What was filled in."""
        cleaned = self.cleaned_data
        return [
            vital_value(kind, cleaned[kind.field])
            for kind in VitalKind
            if cleaned.get(kind.field) not in (None, "")
        ]


class VitalForm(CorrectionForm):
    """One reading, to be put right."""

    def __init__(self, *args: Any, kind: VitalKind, plainly: bool, **kwargs: Any):
        super().__init__(*args, corrects=True, **kwargs)
        self.kind = kind
        self.fields = {kind.field: vital_field(kind, plainly=plainly, required=True), **self.fields}

    @property
    def reading(self) -> VitalValue:
        """What was filled in."""
        return vital_value(self.kind, self.cleaned_data[self.kind.field])


class DiagnosisForm(CorrectionForm):
    """One diagnosis."""

    def __init__(self, *args: Any, address: str, label_of: LabelOf, **kwargs: Any):
        super().__init__(*args, **kwargs)
        picker = Picker(address, label_of, many=False)
        required = {"required": _("请选诊断")}
        self.fields = {
            "diagnoses": CodesField(label=_("诊断"), widget=picker, error_messages=required),
            "role": segments(_("主次"), [(r.value, _(r.zh)) for r in DiagnosisRole], initial="main"),
            "certainty": segments(_("把握"), [(c.value, _(c.zh)) for c in Certainty], initial="confirmed"),
            **self.fields,
        }

    @property
    def spec(self) -> DiagnosisSpec:
        """What was filled in."""
        cleaned = self.cleaned_data
        return DiagnosisSpec(
            cleaned["diagnoses"][0], DiagnosisRole(cleaned["role"]), Certainty(cleaned["certainty"])
        )


class NoteForm(CorrectionForm):
    """A SOAP note."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        parts = {
            name: text(label, longest=LONGEST_TEXT, required=False, rows=3, hint=hint)
            for name, label, hint in NOTE_PARTS
        }
        self.fields = {**parts, **self.fields}

    @property
    def spec(self) -> NoteSpec:
        """What was filled in."""
        return NoteSpec(**{name: self.cleaned_data[name] for name, _label, _hint in NOTE_PARTS})


class TreatmentForm(CorrectionForm):
    """Something done."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        hint = _("例如：阿司匹林 300 mg 嚼服")
        self.fields = {
            "treatments": text(_("处置"), longest=LONGEST_LINE, hint=hint),
            "given_at": forms.DateTimeField(
                label=_("时间"),
                required=False,
                help_text=_("不填就是现在"),
                widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                error_messages={"invalid": _("时间写成 2026-11-20 09:20")},
            ),
            **self.fields,
        }

    @property
    def spec(self) -> TreatmentSpec:
        """What was filled in."""
        return TreatmentSpec(self.cleaned_data["treatments"], self.cleaned_data["given_at"])


class MedicationForm(forms.Form):
    """One current drug; a row without a name is no drug."""

    name = text(_("药名"), longest=80, required=False)
    dose = text(_("每次用量"), longest=40, required=False, hint=_("例如 10 mg"))
    since = forms.DateField(
        label=_("从哪天开始"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("日期写成 2026-11-20")},
    )

    def __init__(self, *args: Any, frequencies: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["frequency"] = select(_("频次"), frequencies, required=False)

    def clean(self) -> dict[str, Any]:
        """A row that says something must name the drug."""
        cleaned = super().clean() or {}
        if cleaned.get("name") == "" and any(cleaned.get(part) for part in ("dose", "frequency", "since")):
            self.add_error("name", _("请写药名"))
        return cleaned


class BaseMedicationFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The list of current drugs."""

    @property
    def items(self) -> list[MedicationSpec]:
        """The drugs that were filled in, in order."""
        return [
            MedicationSpec(row["name"], row["dose"], row["frequency"], row["since"])
            for row in (form.cleaned_data for form in self.forms)
            if row.get("name")
        ]


MedicationFormSet: type[BaseMedicationFormSet] = forms.formset_factory(  # type: ignore[assignment]
    MedicationForm, formset=BaseMedicationFormSet, extra=2, max_num=MOST_DRUGS, absolute_max=MOST_DRUGS
)


class DischargeForm(CorrectionForm):
    """How a stay ends."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {
            "way": select(_("离院方式"), [(way.value, _(way.zh)) for way in DischargeWay]),
            "outcome": select(_("转归"), [(each.value, _(each.zh)) for each in Outcome]),
            "summary": text(_("出院小结"), longest=LONGEST_TEXT, rows=8),
            **self.fields,
        }

    @property
    def spec(self) -> DischargeSpec:
        """What was filled in."""
        cleaned = self.cleaned_data
        return DischargeSpec(DischargeWay(cleaned["way"]), Outcome(cleaned["outcome"]), cleaned["summary"])
