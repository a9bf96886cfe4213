"""Every address of the house. A route without a row in the route table test fails the build."""

from django.urls import include, path
from django.views.i18n import set_language

# from yiti.config import views

handler404 = "yiti.foundation.web.views.page_not_found"
handler500 = "yiti.foundation.web.views.server_error"

urlpatterns = [
    # path("", views.home, name="home"),
    # path("hat", views.change_hat, name="change_hat"),
    path("language", set_language, name="set_language"),
    path("", include("yiti.foundation.web.urls")),
    path("", include("yiti.foundation.accounts.urls")),
    path("drafts/", include("yiti.foundation.drafts.urls")),
    path("administration/", include("yiti.foundation.administration.urls")),
    # path("facilities/", include("yiti.registry.facilities.urls")),
    # path("terms/", include("yiti.registry.terminology.urls")),
    # path("residents/", include("yiti.registry.residents.urls")),
    # path("episodes/", include("yiti.spine.episodes.urls")),
    # path("work/", include("yiti.spine.handoffs.urls")),
]
