"""Addresses of notices, under ``/notices/``."""

from django.urls import path

from notices.views import files, office, profiles, receiving, units

app_name = "notices"

urlpatterns = [
    path("", receiving.received_list, name="list"),
    path("received/<int:pk>/", receiving.received_detail, name="received"),
    path("received/<int:pk>/receipt/", receiving.received_receipt, name="receipt"),
    path("received/<int:pk>/answer/", receiving.received_answer, name="answer"),
    path("sent/", office.sent_list, name="sent"),
    path("new/", office.notice_create, name="create"),
    path("places/", office.place_options, name="places"),
    path("new/day/", office.day_said, name="day_said"),
    path("profiles/urge/", profiles.profile_urge, name="urge_profiles"),
    path("files/", files.file_upload, name="file_upload"),
    path("files/<int:pk>/", files.file_open, name="file"),
    path("files/<int:pk>/thumbnail/", files.file_thumbnail, name="file_thumbnail"),
    path("files/<int:pk>/remove/", files.file_remove, name="file_remove"),
    path("units/<int:pk>/", units.unit_detail, name="unit"),
    path("<int:pk>/", office.notice_detail, name="detail"),
    path("<int:pk>/edit/", office.notice_edit, name="edit"),
    path("<int:pk>/send/", office.notice_send, name="send"),
    path("<int:pk>/discard/", office.notice_discard, name="discard"),
    path("<int:pk>/withdraw/", office.notice_withdraw, name="withdraw"),
    path("<int:pk>/units/", units.unit_list, name="units"),
    path("<int:pk>/units/urge/", units.unit_urge, name="urge"),
    path("<int:pk>/export/", units.unit_export, name="export"),
]
