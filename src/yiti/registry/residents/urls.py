from django.urls import path

from yiti.registry.residents.views import changing, facts, finding, glass, opening, record, registering, slips

app_name = "residents"
urlpatterns = [
    path("", finding.people, name="people"),
    path("search", finding.find, name="search"),
    path("pick", finding.pick, name="pick"),
    path("villages", finding.villages, name="villages"),
    path("new", registering.register, name="register"),
    path("new/matches", registering.likely_duplicates, name="matches"),
    path("new/number", registering.check_number, name="check_number"),
    path("glass", glass.glasses, name="glasses"),
    path("glass/export", glass.export, name="export_glasses"),
    path("glass/bell", glass.bell, name="glass_bell"),
    path("glass/news", glass.news, name="glass_news"),
    path("glass/news/read", glass.read, name="read_glass_news"),
    path("glass/<uuid:glass_id>", glass.one, name="glass"),
    path("<uuid:person_id>/", record.record, name="record"),
    path("<uuid:person_id>/facts", record.facts, name="facts"),
    path("<uuid:person_id>/looks", record.looks, name="looks"),
    path("<uuid:person_id>/slip", slips.slip, name="slip"),
    path("<uuid:person_id>/number", record.reveal, {"what": "number"}, name="reveal_number"),
    path("<uuid:person_id>/phone", record.reveal, {"what": "phone"}, name="reveal_phone"),
    path("<uuid:person_id>/edit", changing.edit, name="edit"),
    path("<uuid:person_id>/move", changing.move, name="move"),
    path("<uuid:person_id>/death", changing.death, name="death"),
    path("<uuid:person_id>/closed", opening.closed_record, name="closed"),
    path("<uuid:person_id>/merge", opening.merge, name="merge"),
    path("<uuid:person_id>/merges/<uuid:merge_id>/undo", opening.unmerged, name="unmerge"),
    path("<uuid:person_id>/allergies/new", facts.new_allergy, name="new_allergy"),
    path(
        "<uuid:person_id>/allergies/<uuid:allergy_id>/correct",
        facts.corrected_allergy,
        name="correct_allergy",
    ),
    path("<uuid:person_id>/allergies/<uuid:allergy_id>/refute", facts.refuted_allergy, name="refute_allergy"),
    path("<uuid:person_id>/risks/new", facts.new_risk, name="new_risk"),
    path("<uuid:person_id>/risks/<uuid:risk_id>/end", facts.ended_risk, name="end_risk"),
    path("<uuid:person_id>/documents/new", facts.new_document, name="new_document"),
    path("<uuid:person_id>/documents/<uuid:document_id>/end", facts.ended_document, name="end_document"),
    path("<uuid:person_id>/household", facts.joined_household, name="household"),
]
