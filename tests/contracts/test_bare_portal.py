"""Every page and operation that names nothing, on a portal without places, quarters or figures, and for people whose
grants are unusual: none of it may be a server error."""

import pytest
from django.test import Client
from django.urls import reverse

from enterprises.models import Enterprise
from foundation.access.models import Grant, Role
from foundation.accounts.models import User
from foundation.places.actions import save_place
from foundation.places.models import Level
from records.models import ReportingQuarter
from tests.cast import make_cast, make_enterprise
from tests.contracts.cases import Case
from tests.contracts.every_operation import API
from tests.contracts.every_page import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]

#: Everything that can be opened knowing nothing.
OPEN = [case for case in (*PAGES, *API) if case.method == "GET" and case.own and case.route != "api:unknown"]


class _Nothing:
    """Stands for the world where there is none: a case that needs it is left out."""

    def __getattr__(self, name: str):
        raise LookupError(name)


def _addresses() -> list[tuple[Case, str]]:
    found = []
    for case in OPEN:
        try:
            path, query = reverse(case.route, args=case.args(_Nothing())), case.query(_Nothing())
        except LookupError:
            continue
        found.append((case, f"{path}?{query}" if query else path))
    return found


def _problems(user: User) -> list[str]:
    browser = Client(raise_request_exception=False)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    failed = []
    for case, address in _addresses():
        response = browser.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
        # A broker may be out of reach of the tests; everything else must answer.
        if response.status_code >= 500 and case.route != "readyz":
            failed.append(f"{user}: {address}: {response.status_code}")
    return failed


def test_somebody_without_any_grant_on_an_empty_portal():
    assert _problems(User.objects.create(username="nobody", full_name="无授权")) == []


@pytest.mark.parametrize("role", Role.values)
def test_every_role_before_anything_is_set_up(role):
    """One province, one enterprise, no city with figures, no reporting quarter, no policy, no indicator."""
    province = save_place(level=Level.PROVINCE, code="32", name="江苏省")
    city = save_place(level=Level.CITY, code="3201", name="南京市", parent=province)
    county = save_place(level=Level.COUNTY, code="320115", name="江宁区", parent=city)
    enterprise = make_enterprise(county=county, name="江宁示例机械有限公司", code="91320115000000001X")
    places = {Role.CLERK: enterprise.place, Role.LEAD: enterprise.place, Role.COUNTY: county, Role.CITY: city}
    user = User.objects.create(username=role, full_name=role)
    Grant.objects.create(user=user, role=role, place=places.get(role, province))
    assert _problems(user) == []


def test_people_of_many_grants_and_of_enterprises_no_longer_registered():
    cast = make_cast()
    everything = User.objects.create(username="everything", full_name="身兼数职")
    for role, place in (
        (Role.CLERK, cast.enterprise.place),
        (Role.LEAD, cast.neighbour_enterprise.place),
        (Role.COUNTY, cast.places["320106"]),
        (Role.CITY, cast.places["3205"]),
        (Role.PROVINCE, cast.places["32"]),
        (Role.AUDITOR, cast.places["3201"]),
        (Role.ADMIN, cast.places["320571"]),
    ):
        Grant.objects.create(user=everything, role=role, place=place)
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(is_active=False)
    ReportingQuarter.objects.update(is_open=False)
    assert [problem for user in (everything, cast.clerk, cast.county) for problem in _problems(user)] == []
