"""Every address of the house. A route without a row in the route table test fails the build."""

from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from yiti.config import guide, import_views, views
from yiti.config.watch.views import metrics
from yiti.registry.residents.views import finding, slips
from yiti.spine.handoffs.views import bell

handler400 = "yiti.foundation.web.views.bad_request"
handler404 = "yiti.foundation.web.views.page_not_found"
handler500 = "yiti.foundation.web.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("help", guide.guide, name="help"),
    path("hat", views.change_hat, name="change_hat"),
    path("language", require_POST(set_language), name="set_language"),
    path("metrics", metrics, name="metrics"),
    path("bell", bell, name="bell"),
    path("looked", slips.looked, name="looked"),
    path("find", finding.find, name="find"),
    path("", include("yiti.foundation.web.urls")),
    path("", include("yiti.foundation.accounts.urls")),
    path("drafts/", include("yiti.foundation.drafts.urls")),
    path("administration/import", import_views.import_page, name="import"),
    path("administration/import/save", import_views.save, name="import_save"),
    path("administration/import/mistakes", import_views.mistakes, name="import_mistakes"),
    path("administration/import/template", import_views.template, name="import_template"),
    path("administration/", include("yiti.foundation.administration.urls")),
    path("facilities/", include("yiti.registry.facilities.urls")),
    path("staff/", include("yiti.registry.staff.urls")),
    path("terms/", include("yiti.registry.terminology.urls")),
    path("residents/", include("yiti.registry.residents.urls")),
    path("episodes/", include("yiti.spine.episodes.urls")),
    path("work/", include("yiti.spine.handoffs.urls")),
    path("referrals/", include("yiti.care.referrals.urls")),
]
