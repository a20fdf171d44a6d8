from django.urls import include, path

from enterprises import change_views, views
from enterprises.exchange.importing import EnterpriseImport
from enterprises.towns import views as towns
from foundation.crud.urls import urls_of
from foundation.exchange.urls import import_urls

app_name = "enterprises"

urlpatterns = [
    path("", views.enterprise_list, name="list"),
    path("new/", views.enterprise_create, name="create"),
    path("export/", views.enterprise_export, name="export"),
    *import_urls(EnterpriseImport),
    path("industries/", views.industry_search, name="industries"),
    path("search/", views.enterprise_search, name="search"),
    path("", include(urls_of("enterprises"))),
    path("", include("enterprises.bases.urls")),
    path("", include("enterprises.bodies.urls")),
    path("", include("enterprises.pilots.urls")),
    path("", include("enterprises.profiles.urls")),
    path("<int:pk>/", views.enterprise_detail, name="detail"),
    path("<int:pk>/towns/", towns.town_set, name="town_set"),
    path("<int:pk>/edit/", views.enterprise_edit, name="edit"),
    path("<int:pk>/history/", change_views.enterprise_history, name="history"),
    path("<int:pk>/changes/", change_views.enterprise_changes, name="changes"),
    path("<int:pk>/changes/<str:kind>/", change_views.enterprise_change, name="change"),
]
