from django.urls import path

from yiti.spine.episodes import views

app_name = "episodes"
urlpatterns = [
    path("action/<uuid:person_id>", views.action, name="action"),
    path("thread/<uuid:person_id>", views.thread, name="thread"),
    path("side/vitals/<uuid:person_id>", views.side_vitals, name="side_vitals"),
    path("side/medications/<uuid:person_id>", views.side_medications, name="side_medications"),
    path("summary/<uuid:person_id>", views.summary, name="summary"),
    path("vitals/<uuid:person_id>", views.vitals, name="vitals"),
    path("visits/new", views.new_visit, name="new_visit"),
    path("visits/joining", views.joining, name="joining"),
    path("visits/<uuid:visit_id>/", views.visit, name="visit"),
    path("visits/<uuid:visit_id>/end", views.end, name="end"),
    path("visits/<uuid:visit_id>/discharge", views.discharge, name="discharge"),
    path("visits/<uuid:visit_id>/vitals/new", views.add_vitals, name="add_vitals"),
    path("visits/<uuid:visit_id>/diagnoses/new", views.add_diagnosis, name="add_diagnosis"),
    path("visits/<uuid:visit_id>/notes/new", views.add_note, name="add_note"),
    path("visits/<uuid:visit_id>/treatments/new", views.add_treatment, name="add_treatment"),
    path("visits/<uuid:visit_id>/medications", views.medications, name="medications"),
    path("visits/<uuid:visit_id>/attachments/new", views.attach, name="attach"),
    path("visits/<uuid:visit_id>/attachments/<uuid:fact_id>", views.attachment, name="attachment"),
    path("visits/<uuid:visit_id>/attachments/<uuid:fact_id>/picture", views.picture, name="picture"),
    path("visits/<uuid:visit_id>/<slug:kind>/<uuid:fact_id>/correct", views.correct, name="correct"),
    path("visits/<uuid:visit_id>/<slug:kind>/<uuid:fact_id>/withdraw", views.withdraw, name="withdraw"),
    path("<uuid:episode_id>/long-term", views.long_term, name="long_term"),
    path("<uuid:episode_id>/close", views.close, name="close"),
    path("<uuid:episode_id>/split", views.split, name="split"),
    path("<uuid:episode_id>/join", views.join, name="join"),
]
