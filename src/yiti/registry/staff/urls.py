from django.urls import path

from yiti.registry.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.staff_list, name="list"),
    path("<uuid:staff_id>", views.staff_page, name="detail"),
    path("<uuid:staff_id>/stand-in", views.stand_in, name="stand_in"),
    path("<uuid:staff_id>/stand-in/<uuid:stand_in_id>/end", views.end_standing_in, name="end_stand_in"),
    path("postings/<uuid:posting_id>/end", views.end, name="end_posting"),
]
