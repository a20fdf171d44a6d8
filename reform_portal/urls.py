"""Root URLs: each room brings its own, under the address a person would guess."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from reform_portal import health

urlpatterns = [
    path("", include("backoffice.urls")),
    # Only the account pages (sign in, sign out, password); sign-up is closed by the account adapter.
    path("accounts/", include("foundation.accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("", include("records.urls")),
    path("enterprises/", include("enterprises.urls")),
    path("policies/", include("policies.urls")),
    path("notices/", include("notices.urls")),
    path("ideology/", include("ideology.urls")),
    path("services/", include("services.urls")),
    path("skills/", include("skills.urls")),
    path("rights/", include("rights.urls")),
    path("", include("indicators.urls")),
    path("", include("reporting.urls")),
    path("messages/", include("foundation.notify.urls")),
    path("search/", include("foundation.search.urls")),
    path("views/", include("foundation.saved_views.urls")),
    path("help/", include("foundation.handbook.urls")),
    path("jobs/", include("foundation.jobs.urls")),
    path("api/v1/", include("api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler500 = "reform_portal.errors.server_error"

if settings.DEBUG:
    # Raw tables, for development only: it knows nothing of scopes.
    urlpatterns.append(path("engine/", admin.site.urls))
