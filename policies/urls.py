"""Addresses of the policy pages, under ``/policies/``."""

from django.urls import path

from policies import views

app_name = "policies"
urlpatterns = [
    path("", views.document_list, name="list"),
    path("<str:code>/", views.document_detail, name="document"),
]
