"""What no document says is to be collected: nobody is asked until the province decides, and what was filed stays."""

import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from enterprises.models import Enterprise, PilotTier
from foundation.access.rules import AccessDenied
from foundation.audit.models import Entry
from foundation.crud.resource import resource_by_key
from records.core.actions import file_record
from records.core.forms import RecordForm
from records.core.kinds import all_decided, all_kinds, kind_by_slug, kinds_to_fill
from records.core.undecided import load_undecided
from records.duties.burden import PROFILES, burden_of
from records.duties.calendar import save_duty_rule
from records.duties.models import DutyRule
from records.exchange.templates import template_for
from records.models import UndecidedItem
from tests.contracts.world import values_for
from tests.skills.test_kinds import file_it

pytestmark = pytest.mark.django_db

CONTEST, PAY = "competitions.contest", "rights.pay"


def decide(cast, kind: str, field: str, is_asked: bool) -> None:
    item = UndecidedItem.objects.get(kind=kind, field=field)
    values = {"is_asked": is_asked, "is_settled": True, "note": "省产改办核定"}
    resource_by_key("records.undecided_items").save(acting_user=cast.province, row=item, values=values)


def asked(filer, kind: str) -> list[str]:
    return list(RecordForm(kind=kind_by_slug(kind), filer=filer).fields)


def headings(cast, kind: str) -> set[str]:
    sheet = load_workbook(io.BytesIO(template_for(kind_by_slug(kind), cast.clerk)))["填报"]
    return {str(cell.value) for cell in sheet[1]}


def test_each_has_a_row_that_keeps_what_the_province_decided(cast):
    declared = {(kind.slug, field) for kind in all_kinds() for field in kind.undecided}
    assert set(UndecidedItem.objects.values_list("kind", "field")) == declared
    decide(cast, CONTEST, "sponsorship", True)
    assert (load_undecided().created, UndecidedItem.objects.get(kind=CONTEST).is_asked) == (0, True)
    for kind in all_kinds():
        assert set(kind.undecided) <= {"", *kind.fields}, kind.slug
        assert not {*kind.undecided} & {*kind.required}, kind.slug


def test_the_province_decides_on_a_page_and_others_do_not(cast, sign_in):
    item = UndecidedItem.objects.get(kind=CONTEST, field="sponsorship")
    province = sign_in(cast.province)
    listed = province.get("/records/undecided-items/").content.decode()
    assert "劳动和技能竞赛：赞助金额" in listed and "待核定" in listed
    change = reverse("records:undecided_item_edit", args=[item.pk])
    assert province.post(change, {"is_asked": "on", "note": "省产改办核定"}).status_code == 302
    item.refresh_from_db()
    assert item.is_asked and not item.is_settled
    assert Entry.objects.filter(event="records.undecided_item_saved", target_id=str(item.pk)).exists()
    for name in ("clerk", "county", "city", "admin"):
        assert sign_in(getattr(cast, name)).get("/records/undecided-items/").status_code == 403
    with pytest.raises(AccessDenied):
        resource_by_key("records.undecided_items").save(acting_user=cast.city, row=item, values={"is_asked": False})


def test_a_field_is_asked_everywhere_once_it_is_decided_and_stays_where_it_was_filled(cast, sign_in):
    assert "sponsorship" not in asked(cast.enterprise, CONTEST)
    assert "sponsorship" not in asked(cast.places["320115"], CONTEST)
    assert not any("赞助金额" in one for one in headings(cast, CONTEST))
    decide(cast, CONTEST, "sponsorship", True)
    assert "sponsorship" in asked(cast.enterprise, CONTEST) and "sponsorship" in asked(cast.places["320115"], CONTEST)
    assert any("赞助金额" in one for one in headings(cast, CONTEST))
    record = file_it(cast, CONTEST, role="host", sponsor="示例公司", sponsorship=Decimal("3.50"))
    decide(cast, CONTEST, "sponsorship", False)
    page = sign_in(cast.clerk).get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "赞助金额" in page and "3.50" in page
    empty = file_it(cast, CONTEST, title="没有问到的", role="host")
    assert "赞助金额" not in sign_in(cast.clerk).get(reverse("records:detail", args=[empty.pk])).content.decode()


def test_what_is_asked_by_default_may_be_taken_out(cast):
    assert "arrears" in asked(cast.enterprise, "rights.relations")
    decide(cast, "rights.relations", "arrears", False)
    assert "arrears" not in asked(cast.enterprise, "rights.relations")
    assert "in_arrears" in asked(cast.enterprise, "rights.relations")


def test_a_whole_kind_is_neither_offered_nor_taken_nor_owed_until_it_is_decided(cast, sign_in):
    kind, create = kind_by_slug(PAY), reverse("records:create", args=[PAY])
    clerk = sign_in(cast.clerk)
    assert kind not in kinds_to_fill() and create not in clerk.get("/").content.decode()
    assert "待省里核定，现在不收集" in clerk.get(create, follow=True).content.decode()
    values = values_for(PAY, cast.enterprise)
    with pytest.raises(ValidationError, match="待省里核定，现在不收集"):
        file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)
    with pytest.raises(Exception, match="待省里核定，现在不收集"):
        save_duty_rule(acting_user=cast.province, kind=PAY)
    decide(cast, PAY, "", True)
    assert kind in kinds_to_fill() and clerk.get(create).status_code == 200
    record = file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)
    Enterprise.objects.filter(pk=cast.second_enterprise.pk).update(pilot_tier=PilotTier.NONE)
    cast.second_enterprise.refresh_from_db()
    assert not kind.is_reported_by(cast.second_enterprise), "pilots, to begin with"
    decide(cast, PAY, "", False)
    assert clerk.get(reverse("records:detail", args=[record.pk])).status_code == 200


def test_one_query_tells_what_is_decided_of_all_kinds(cast):
    rules = [DutyRule(kind=slug) for slug in ("rights.relations", "skills.fusion", "competitions.innovation")]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        burden_of(PROFILES[0], rules)
    assert len(queries) == 1
    assert all_decided()["skills.fusion"]["investment"] is True
