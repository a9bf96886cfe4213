from django.urls import path

from yiti.spine.handoffs import views

app_name = "handoffs"
urlpatterns = [
    path("", views.work, name="work"),
    path("news", views.news, name="news"),
    path("export", views.export, name="export"),
    path("shift", views.shift, name="shift"),
    path("side/<uuid:person_id>", views.side, name="side"),
    path("bell", views.bell, name="bell"),
    path("bell/read", views.read, name="read"),
    path("<uuid:handoff_id>/", views.page, name="page"),
    path("<uuid:handoff_id>/preview", views.preview, name="preview"),
    path("<uuid:handoff_id>/take", views.take, name="take"),
    path("<uuid:handoff_id>/urge", views.urge, name="urge"),
    path("<uuid:handoff_id>/steps/<slug:name>", views.step, name="step"),
    path("<uuid:handoff_id>/messages", views.message, name="message"),
]
