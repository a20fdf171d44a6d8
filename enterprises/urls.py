from django.urls import include, path

from enterprises import change_views, views
from enterprises.exchange import views as exchange_views
from enterprises.towns import views as towns
from foundation.crud.urls import urls_of

app_name = "enterprises"

urlpatterns = [
    path("", views.enterprise_list, name="list"),
    path("new/", views.enterprise_create, name="create"),
    path("export/", views.enterprise_export, name="export"),
    path("import/", exchange_views.import_list, name="imports"),
    path("import/template/", exchange_views.import_template, name="import_template"),
    path("import/<int:pk>/", exchange_views.import_detail, name="import"),
    path("import/<int:pk>/confirm/", exchange_views.import_confirm, name="import_confirm"),
    path("import/<int:pk>/discard/", exchange_views.import_discard, name="import_discard"),
    path("import/<int:pk>/problems/", exchange_views.import_problems, name="import_problems"),
    path("industries/", views.industry_search, name="industries"),
    path("search/", views.enterprise_search, name="search"),
    path("", include(urls_of("enterprises"))),
    path("", include("enterprises.pilots.urls")),
    path("", include("enterprises.profiles.urls")),
    path("<int:pk>/", views.enterprise_detail, name="detail"),
    path("<int:pk>/towns/", towns.town_set, name="town_set"),
    path("<int:pk>/edit/", views.enterprise_edit, name="edit"),
    path("<int:pk>/history/", change_views.enterprise_history, name="history"),
    path("<int:pk>/changes/", change_views.enterprise_changes, name="changes"),
    path("<int:pk>/changes/<str:kind>/", change_views.enterprise_change, name="change"),
]
