"""Shapes of input. What is typed is checked here only as far as it can be read; the rules stand in domain
and the commands, and their refusals are shown beside the field they name."""

from yiti.spine.episodes.forms.attachment import AttachmentForm
from yiti.spine.episodes.forms.courses import CloseForm, JoinForm, SplitForm
from yiti.spine.episodes.forms.facts import (
    CorrectionForm,
    DiagnosisForm,
    DischargeForm,
    MedicationFormSet,
    NoteForm,
    TreatmentForm,
    VitalForm,
    VitalsForm,
)
from yiti.spine.episodes.forms.fields import show_refusal
from yiti.spine.episodes.forms.visit import VisitForm

__all__ = [
    "AttachmentForm",
    "CloseForm",
    "CorrectionForm",
    "DiagnosisForm",
    "DischargeForm",
    "JoinForm",
    "MedicationFormSet",
    "NoteForm",
    "SplitForm",
    "TreatmentForm",
    "VisitForm",
    "VitalForm",
    "VitalsForm",
    "show_refusal",
]
