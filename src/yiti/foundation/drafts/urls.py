from django.urls import path

from yiti.foundation.drafts import views

app_name = "drafts"
urlpatterns = [
    path("<slug:form>/<slug:subject>", views.save, name="save"),
    path("<slug:form>/<slug:subject>/give-up", views.give_up, name="give_up"),
]
