from django.urls import path

from yiti.registry.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.staff_list, name="list"),
    path("<uuid:staff_id>", views.staff_page, name="detail"),
    path("postings/<uuid:posting_id>/end", views.end, name="end_posting"),
]
