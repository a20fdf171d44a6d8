"""What offices report of themselves: who may, who confirms it, where it counts, and what others get."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from foundation.access.models import Role
from foundation.access.rules import AccessDenied
from foundation.calendar.periods import Quarter
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.actions import act, file_record
from records.core.kinds import all_kinds, kind_by_slug, office_kinds
from records.models import Record, Status
from records.review.actions import flag_record
from records.review.sampling import review_by_unit
from records.review.waiting import waiting_below
from tests.cast import make_person
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db
RESEARCH = "services.research"


def filed_by_office(user, office, *, hand_in=True, **changes) -> Record:
    kind = kind_by_slug(RESEARCH)
    values = values_for(RESEARCH, office, **changes)
    return file_record(acting_user=user, kind=kind, filer=office, values=values, hand_in=hand_in)


def approve(user, record) -> Record:
    return act(acting_user=user, record_id=record.pk, action="approve", version=record.version)


def test_a_colleague_confirms_and_nobody_their_own(cast, sign_in):
    record = filed_by_office(cast.county, cast.places["320115"])
    assert (record.status, record.held_by, record.enterprise) == (Status.SUBMITTED, Role.COUNTY, None)
    with pytest.raises(AccessDenied, match="您自己填报的"):
        approve(cast.county, record)
    waiting = sign_in(cast.county_colleague).get(reverse("records:review"))
    assert record.title in waiting.content.decode() and "江宁区" in waiting.content.decode()
    assert approve(cast.county_colleague, record).status == Status.APPROVED


def test_where_an_office_has_nobody_else_the_office_above_confirms(cast, sign_in):
    record = filed_by_office(cast.city, cast.places["3201"])
    assert record.held_by == Role.PROVINCE
    with pytest.raises(AccessDenied):
        approve(cast.county, record)
    province = sign_in(cast.province)
    assert record.title in province.get(reverse("records:review")).content.decode()
    page = province.get(reverse("records:review_record", args=[record.pk]))
    assert page.status_code == 200 and "本级填报" in page.content.decode()
    assert approve(cast.province, record).status == Status.APPROVED


def test_a_city_is_not_asked_to_sample_its_own_work(cast, sign_in):
    """What a county reported of itself its city may be asked to look at; a city's own record is no county's, and a mark on it
    would ask nobody."""
    own = filed_by_office(cast.city, cast.places["3201"])
    colleague = make_person("city_colleague", "孔市办", Role.CITY, cast.places["3201"])
    for officer in (cast.city, colleague):
        with pytest.raises(AccessDenied, match="自己填报的记录，不由市级抽查"):
            flag_record(acting_user=officer, record_id=own.pk, is_flagged=True)
        browser = sign_in(officer)
        page = browser.get(reverse("records:review_record", args=[own.pk])).content.decode()
        assert "请市级抽查" not in page and "分派和标记" not in page
        assert browser.post(reverse("records:review_flag", args=[own.pk]), {"flag": "1"}).status_code == 403
    own.refresh_from_db()
    assert not own.is_flagged and not Record.objects.allowing(cast.city, "records.flag").filter(pk=own.pk).exists()
    of_county = filed_by_office(cast.county, cast.places["320115"])
    page = sign_in(cast.county_colleague).get(reverse("records:review_record", args=[of_county.pk])).content.decode()
    assert "请市级抽查" in page and "分派和标记" in page
    assert flag_record(acting_user=cast.county_colleague, record_id=of_county.pk, is_flagged=True).is_flagged


def test_the_province_waits_for_a_colleague_of_its_own(cast):
    record = filed_by_office(cast.province, cast.places["32"])
    assert record.held_by == Role.PROVINCE
    with pytest.raises(AccessDenied, match="您自己填报的"):
        approve(cast.province, record)
    colleague = make_person("colleague", "孔省办", Role.PROVINCE, cast.places["32"])
    assert approve(colleague, record).status == Status.APPROVED


def test_it_counts_at_the_office_s_own_place_and_above_and_adds_up(cast):
    own = {"320115": cast.county, "3201": cast.city, "32": cast.province}
    colleague = make_person("colleague", "孔省办", Role.PROVINCE, cast.places["32"])
    deciding = {"320115": cast.county_colleague, "3201": cast.province, "32": colleague}
    for number, (code, person) in enumerate(own.items(), 1):
        record = filed_by_office(person, cast.places[code], enterprises=10 * number, outcome="report", adopted_in="")
        approve(deciding[code], record)
    catch_up()
    quarter = Quarter.current()
    counted = {
        code: (found["A12.studies"].value, found["A12.enterprises"].value)
        for code in ("320115", "320106", "3201", "3205", "32")
        for found in [figures(cast.places[code], quarter)]
    }
    assert counted == {
        "320115": (1, 10),
        "320106": (None, None),
        "3201": (2, 30),
        "3205": (None, None),
        "32": (3, 60),
    }


def test_drafts_are_the_office_s_and_nobody_else_s(cast, sign_in):
    draft = filed_by_office(cast.county, cast.places["320115"], hand_in=False)
    address = reverse("records:detail", args=[draft.pk])
    assert sign_in(cast.county_colleague).get(address).status_code == 200
    assert sign_in(cast.county_colleague).get(reverse("records:edit", args=[draft.pk])).status_code == 200
    for stranger in (cast.city, cast.province, cast.other_county, cast.neighbour_city, cast.clerk, cast.auditor):
        assert sign_in(stranger).get(address).status_code == 404, stranger
    act(acting_user=cast.county_colleague, record_id=draft.pk, action="submit", version=draft.version)
    assert sign_in(cast.city).get(address).status_code == 200
    assert sign_in(cast.city).get(reverse("records:edit", args=[draft.pk])).status_code == 403
    for stranger in (cast.other_county, cast.neighbour_city, cast.clerk):
        assert sign_in(stranger).get(address).status_code == 404, stranger


def test_enterprises_and_other_offices_cannot_report_it(cast, sign_in):
    new = reverse("records:create", args=[RESEARCH])
    assert sign_in(cast.clerk).get(new).status_code == 403
    assert sign_in(cast.auditor).get(new).status_code == 403
    assert sign_in(cast.county).get(new, {"office": "320106"}).status_code == 404
    assert sign_in(cast.county).get(new, {"enterprise": cast.enterprise.credit_code}).status_code == 404
    with pytest.raises(AccessDenied):
        filed_by_office(cast.county, cast.places["3201"])
    form = sign_in(cast.county).get(new).content.decode()
    assert "江宁区" in form and "本级填报" in form
    # On behalf of an enterprise, as its own: a kind of offices is none of enterprises.
    kind = kind_by_slug(RESEARCH)
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="不适用于这家企业"):
        file_record(
            acting_user=cast.county, kind=kind, filer=cast.enterprise, values=values_for(RESEARCH, cast.enterprise)
        )


def test_the_page_of_what_the_office_reports(cast, sign_in, django_assert_max_num_queries):
    browser = sign_in(cast.county)
    page = browser.get(reverse("records:own")).content.decode()
    for kind in office_kinds(cast.places["320115"]):
        assert kind.label in page
    assert "本季度还没有" in page
    filed_by_office(cast.county, cast.places["320115"])
    page = browser.get(reverse("records:own")).content.decode()
    assert "已填 1 条" in page
    listed = browser.get(reverse("records:list"), {"office": "320115", "kind": RESEARCH}).content.decode()
    assert Record.objects.get().title in listed
    for stranger in (cast.clerk, cast.auditor, cast.admin):
        assert sign_in(stranger).get(reverse("records:own")).status_code == 403
    with django_assert_max_num_queries(12):
        browser.get(reverse("records:own"))


def test_the_database_knows_one_filer(cast):
    record = filed_by_office(cast.county, cast.places["320115"])
    for values in ({"office": None}, {"enterprise": cast.enterprise}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Record.objects.filter(pk=record.pk).update(**values)


def test_the_same_day_s_twin_is_asked_about(cast, sign_in):
    first = filed_by_office(cast.county, cast.places["320115"], title="制造业技能需求调研")
    values = values_for(RESEARCH, cast.places["320115"], title="制造业技能需求调研")
    response = sign_in(cast.county_colleague).post(
        reverse("records:create", args=[RESEARCH]), {**values, "office": "320115", "do": "submit"}
    )
    assert response.status_code == 200
    assert any(first.title in question.message for question in response.context["warnings"])


def test_an_office_that_does_not_report_a_kind_is_told_who_does(cast, sign_in):
    offices_only = (kind for kind in all_kinds() if kind.is_for_offices and not kind.is_for_enterprises)
    kind = next(kind for kind in offices_only if Role.COUNTY not in kind.office_levels)
    page = sign_in(cast.county).get(reverse("records:create", args=[kind.slug])).content.decode()
    assert "您所在的单位不填这一项" in page and "这一项由市级产改办、省级产改办填报。" in page


@pytest.mark.parametrize(("code", "who"), [("3201", "city"), ("32", "province")])
def test_the_state_of_reviewing_counts_what_the_office_itself_reported(
    cast, sign_in, django_assert_max_num_queries, code, who
):
    """All that waits, as the dashboard counts it; the row opens the records of the office alone."""
    place, person = cast.places[code], getattr(cast, who)
    filed_by_office(cast.county, cast.places["320115"])
    browser = sign_in(person)
    before = browser.get(reverse("records:review_overview"))
    assert f"{place.name}本级" not in before.content.decode(), "nothing of its own waits"
    assert before.context["totals"].waiting == sum(one.records for one in waiting_below(place).values()) == 1
    record = filed_by_office(person, place)
    assert record.held_by == Role.PROVINCE
    page = browser.get(reverse("records:review_overview"))
    assert page.context["totals"].waiting == sum(one.records for one in waiting_below(place).values()) == 2
    own = page.context["table"].rows[-1].record
    assert (own.name, own.province_waiting, own.waiting) == (f"{place.name}本级", 1, 1)
    query = f"?office={code}&waiting=province"
    assert query.replace("&", "&amp;") in page.content.decode() and "待省级审核" in page.content.decode()
    assert len(browser.get(reverse("records:list") + query).context["table"].rows) == 1
    with django_assert_max_num_queries(6):
        review_by_unit(place, Quarter.current())
