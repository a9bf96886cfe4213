from django.urls import path

from yiti.registry.facilities import views

app_name = "facilities"
urlpatterns = [
    path("", views.institution_list, name="list"),
    path("search", views.options, name="search"),
    path("capability", views.capability_directory, name="capability"),
    path("beds", views.bed_board, name="beds"),
    path("beds/<uuid:department_id>/update", views.update_beds, name="update_beds"),
    path("beds/<uuid:department_id>/phone", views.confirm_by_phone, name="confirm_by_phone"),
    path("<uuid:institution_id>", views.institution_page, name="detail"),
    path("<uuid:institution_id>/preview", views.preview, name="preview"),
]
