"""Addresses of the yearly review, under ``/enterprises/``."""

from django.urls import path

from enterprises.bases import review_views

urlpatterns = [
    path("bases/<int:pk>/review/", review_views.base_review, name="base_review"),
    path("bases/<int:pk>/review/<int:year>/", review_views.base_review, name="base_review_of"),
]
