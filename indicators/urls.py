"""URLs of this room."""

from django.urls import path

from foundation.crud.urls import urls_of
from indicators import views

app_name = "indicators"

urlpatterns = [
    path("indicators/new/", views.indicator_create, name="indicator_create"),
    path("indicators/check/", views.indicator_check, name="indicator_check"),
    path("indicators/<slug:key>/revise/", views.indicator_revise, name="indicator_revise"),
    path("indicators/<slug:key>/retire/", views.indicator_retire, name="indicator_retire"),
    path("targets/table/", views.target_table, name="target_table"),
    *urls_of("indicators"),
    # After the list's own words (``export``), which are no codes.
    path("indicators/<slug:key>/", views.indicator_detail, name="indicator"),
]
