"""Addresses of one's own messages, under ``/messages/``."""

from django.urls import path

from foundation.notify import views

app_name = "notify"

urlpatterns = [
    path("", views.message_list, name="list"),
    path("read/", views.message_read, name="read"),
    path("preferences/", views.preferences, name="preferences"),
    path("mail/", views.mail_list, name="mail"),
    path("mail/retry/", views.mail_retry, name="mail_retry"),
    path("<int:pk>/", views.message_open, name="open"),
]
