"""Address of the search everywhere."""

from django.urls import path

from foundation.search import views

app_name = "search"
urlpatterns = [path("", views.search_page, name="page")]
