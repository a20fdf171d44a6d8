"""URLs of this room."""

from django.urls import path

from backoffice.account_import.importing import AccountImport
from backoffice.regions import views as regions
from backoffice.views import (
    account_import,
    accounts,
    audit,
    burden,
    me,
    people,
    places,
    quarters,
    roles,
    security,
    workbench,
    workdays,
)
from foundation.crud.urls import urls_of
from foundation.exchange.urls import import_urls

app_name = "backoffice"

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("me/", me.own_account, name="me"),
    path("me/work-as/", me.work_as, name="work_as"),
    path("me/substitutes/", me.substitute_add, name="substitute_add"),
    path("me/substitutes/<int:pk>/end/", me.substitute_end, name="substitute_end"),
    path("me/tokens/<int:pk>/revoke/", me.token_revoke, name="token_revoke"),
    path("first-steps/", workbench.first_steps, name="first_steps"),
    *urls_of("backoffice"),
    path("accounts-admin/new/", accounts.account_create, name="account_create"),
    path("accounts-admin/security/", security.security, name="security"),
    path("accounts-admin/bulk/<int:pk>/confirm/", account_import.confirm, name="account_import_confirm"),
    *import_urls(AccountImport, "accounts-admin/bulk/"),
    path("accounts-admin/<int:pk>/", accounts.account_detail, name="account"),
    path("accounts-admin/<int:pk>/reset-password/", accounts.account_reset_password, name="account_reset_password"),
    path(
        "accounts-admin/<int:pk>/clear-second-factor/",
        accounts.account_clear_second_factor,
        name="account_clear_second_factor",
    ),
    path("accounts-admin/<int:pk>/unlock/", accounts.account_unlock, name="account_unlock"),
    path(
        "accounts-admin/<int:pk>/tokens/<int:token_pk>/revoke/",
        accounts.account_token_revoke,
        name="account_token_revoke",
    ),
    path("accounts-admin/<int:pk>/suspend/", accounts.account_suspend, name="account_suspend"),
    path("accounts-admin/<int:pk>/reactivate/", accounts.account_reactivate, name="account_reactivate"),
    path("accounts-admin/<int:pk>/substitute/", people.substitute_add, name="account_substitute"),
    path("accounts-admin/<int:pk>/hand-over/", people.hand_over, name="account_hand_over"),
    path("accounts-admin/<int:pk>/grants/", accounts.grant_add, name="grant_add"),
    path("accounts-admin/<int:pk>/grants/<int:grant_pk>/revoke/", accounts.grant_revoke, name="grant_revoke"),
    path("audit/", audit.audit_log, name="audit"),
    path("roles/", roles.role_list, name="roles"),
    path("places/", places.place_tree, name="places"),
    path("places/options/", places.place_options, name="place_options"),
    path("places/<slug:code>/", regions.region_detail, name="region"),
    path("places/<slug:code>/rename/", regions.region_rename, name="region_rename"),
    path("places/<slug:code>/merge/", regions.county_merge, name="region_merge"),
    path("places/<slug:code>/small/", regions.small_place_add, name="small_place_add"),
    path("places/<slug:code>/small/rename/", regions.small_place_rename, name="small_place_rename"),
    path("places/<slug:code>/small/close/", regions.small_place_close, name="small_place_close"),
    path("quarters/", quarters.quarter_list, name="quarters"),
    path("quarters/burden/", burden.burden, name="burden"),
    path("quarters/<str:code>/", quarters.quarter_act, name="quarter_act"),
    path("years/<str:code>/", quarters.year_act, name="year_act"),
    path("quarters/rules/add/", quarters.rule_save, name="rule_add"),
    path("quarters/rules/<int:pk>/toggle/", quarters.rule_save, name="rule_toggle"),
    path("workdays/", workdays.workday_table, name="workdays"),
    path("workdays/years/add/", workdays.year_add, name="work_year_add"),
    path("workdays/<int:year>/settle/", workdays.year_settle, name="work_year_settle"),
    path("workdays/<int:year>/day/", workdays.day_set, name="workday_set"),
]
