"""Addresses of the handbook, under ``/help/``."""

from django.urls import path

from foundation.handbook import views

app_name = "handbook"
urlpatterns = [
    path("", views.index, name="index"),
    path("print/", views.whole, name="whole"),
    path("<slug:slug>/", views.chapter_page, name="chapter"),
]
