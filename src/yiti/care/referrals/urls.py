from django.urls import path

from yiti.care.referrals import views

app_name = "referrals"
urlpatterns = [
    path("", views.board, name="board"),
    path("export", views.export_board, name="export_board"),
    path("list", views.rows, name="rows"),
    path("list/export", views.export_rows, name="export_rows"),
    path("new", views.new, name="new"),
    path("targets", views.targets, name="targets"),
    path("followers", views.followers, name="followers"),
    path("start/<uuid:person_id>", views.start, name="start"),
    path("<uuid:handoff_id>/", views.detail, name="detail"),
    path("<uuid:handoff_id>/preview", views.preview, name="preview"),
    path("<uuid:handoff_id>/say", views.say, name="say"),
    path("<uuid:handoff_id>/again", views.again, name="again"),
    path("<uuid:handoff_id>/print", views.paper, name="print"),
    path("<uuid:handoff_id>/approve", views.approve, name="approve"),
    path("<uuid:handoff_id>/accept", views.accept, name="accept"),
    path("<uuid:handoff_id>/return", views.return_for_information, name="return"),
    path("<uuid:handoff_id>/redirect", views.redirect, name="redirect"),
    path("<uuid:handoff_id>/decline", views.decline, name="decline"),
    path("<uuid:handoff_id>/supply", views.supply, name="supply"),
    path("<uuid:handoff_id>/cancel", views.cancel, name="cancel"),
    path("<uuid:handoff_id>/close", views.close, name="close"),
    path("<uuid:handoff_id>/undo-accept", views.undo_accept, name="undo_accept"),
    path("<uuid:handoff_id>/depart", views.depart, name="depart"),
    path("<uuid:handoff_id>/arrive", views.arrive, name="arrive"),
    path("<uuid:handoff_id>/undo-arrive", views.undo_arrive, name="undo_arrive"),
    path("<uuid:handoff_id>/no-show", views.no_show, name="no_show"),
    path("<uuid:handoff_id>/admit", views.admit, name="admit"),
    path("<uuid:handoff_id>/outcome", views.send_outcome, name="send_outcome"),
    path("<uuid:handoff_id>/receive", views.receive, name="receive"),
    path("<uuid:handoff_id>/undo-receive", views.undo_receive, name="undo_receive"),
    path("<uuid:handoff_id>/follower", views.rename_follower, name="rename_follower"),
    path("<uuid:handoff_id>/follow-up", views.follow_up, name="follow_up"),
]
