"""Addresses of pilots, parks and chains, under ``/enterprises/``."""

from django.urls import path

from enterprises.pilots import cluster_views as clusters
from enterprises.pilots import views

urlpatterns = [
    path("pilots/new/", views.pilot_create, name="pilot_create"),
    path("pilots/<int:pk>/", views.pilot_detail, name="pilot"),
    path("pilots/<int:pk>/undo/", views.pilot_undo, name="pilot_undo"),
    path("pilots/<int:pk>/<slug:step>/", views.pilot_act, name="pilot_act"),
    path("clusters/<int:pk>/", clusters.cluster_detail, name="cluster"),
    path("clusters/<int:pk>/remove/", clusters.cluster_remove, name="cluster_remove"),
    path("clusters/<int:pk>/members/", clusters.member_set, name="cluster_member_set"),
    path("clusters/<int:pk>/members/<int:member_pk>/remove/", clusters.member_remove, name="cluster_member_remove"),
]
