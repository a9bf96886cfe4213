from django.urls import path

from yiti.registry.terminology import views

app_name = "terminology"
urlpatterns = [
    path("", views.tables, name="tables"),
    path("<slug:system>", views.table, name="table"),
    path("<slug:system>/search", views.options, name="search"),
]
