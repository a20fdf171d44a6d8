"""A list costs the same number of queries for any number of rows. What it may cost at most is written down: more is a decision."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enterprises.actions import update_enterprise
from enterprises.models import Enterprise
from enterprises.organisations.resources import OrganisationResource
from enterprises.pilots.actions import open_pilot
from enterprises.pilots.cluster_actions import set_member
from enterprises.pilots.resources import ClusterResource
from foundation.access.models import Role
from foundation.calendar.periods import Quarter
from foundation.exchange.models import Import
from foundation.jobs.models import Job
from foundation.notify.models import Mail, Message
from foundation.places.actions import save_place
from foundation.places.models import Level, Place
from indicators.actions import create_indicator
from notices.models import Delivery, Notice
from notices.sending import matter_of
from notices.urging import urge
from records.duties.actions import generate_duties
from records.models import DutyRule, Record, UndecidedItem
from records.review.batches import freeze
from records.review.queries import held_for
from reporting.models import Report
from reporting.models import Status as ReportStatus
from tests.cast import Cast, make_enterprise, make_person
from tests.contracts.world import PARTY, appeal_against, correction_of, filed, finding_of
from tests.notices.helpers import sent

pytestmark = pytest.mark.django_db

NOW = Quarter.current()


def more_records(cast: Cast, number: int) -> None:
    """Of another maker and enterprise each, so that a query a row cannot hide behind one already read."""
    clerk, enterprise = ((cast.clerk, cast.enterprise), (cast.second_clerk, cast.second_enterprise))[number % 2]
    filed(clerk, enterprise, (clerk, "submit"))


def more_unusual(cast: Cast, number: int) -> None:
    """More people than the enterprise has: worth a closer look."""
    enterprise = (cast.enterprise, cast.second_enterprise)[number % 2]
    clerk = (cast.clerk, cast.second_clerk)[number % 2]
    filed(clerk, enterprise, (clerk, "submit"), number_of_people=900, attendances=900)


def more_batches(cast: Cast, number: int) -> None:
    more_records(cast, number)
    freeze(acting_user=cast.county, action="approve", records=held_for(cast.county), asked="全部待审核记录")


def more_flagged(cast: Cast, number: int) -> None:
    more_counted(cast, number)
    Record.objects.update(is_flagged=True)


def more_appeals(cast: Cast, number: int) -> None:
    clerk, enterprise = ((cast.clerk, cast.enterprise), (cast.second_clerk, cast.second_enterprise))[number % 2]
    appeal_against(cast, filed(clerk, enterprise, (clerk, "submit"), (cast.county, "reject")))


def more_corrections(cast: Cast, number: int) -> None:
    clerk, enterprise = ((cast.clerk, cast.enterprise), (cast.second_clerk, cast.second_enterprise))[number % 2]
    correction_of(cast, filed(clerk, enterprise, (clerk, "submit"), (cast.county, "approve")))


def more_counted(cast: Cast, number: int) -> None:
    filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), (cast.county, "approve"))


def more_enterprises(cast: Cast, number: int) -> None:
    make_enterprise(county=cast.places["320115"], name=f"江宁示例第{number}公司", code=f"9132011500000{number:04d}X")


def more_pilots(cast: Cast, number: int) -> None:
    """An enterprise, then a chain, then an enterprise: both sorts of subject are read with the row."""
    more_enterprises(cast, number)
    enterprise = Enterprise.objects.get(name=f"江宁示例第{number}公司")
    chain = None
    if number % 2:
        values = {"kind": "chain", "name": f"示例产业链{number}", "place": cast.places["320115"], "note": ""}
        chain = ClusterResource().save(acting_user=cast.county, values=values)
    open_pilot(acting_user=cast.county, subject=chain or enterprise, values={"tier": "county"})


def more_clusters(cast: Cast, number: int) -> None:
    values = {"kind": "park", "name": f"示例园区{number}", "place": cast.places["320115"], "note": ""}
    cluster = ClusterResource().save(acting_user=cast.county, values=values)
    set_member(acting_user=cast.county, cluster=cluster, enterprise=cast.enterprise, part="leading")


def more_indicators(cast: Cast, number: int) -> None:
    values = {
        "name": f"示例指标{number}",
        "area": "示例",
        "unit": "家",
        "numerator": ["REG.enterprises"],
        "source": "示例",
    }
    create_indicator(acting_user=cast.province, code=f"Z{number}", valid_from=NOW, values=values)


def more_organisations(cast: Cast, number: int) -> None:
    values = {"kind": "vocational", "name": f"示例学院{number}", "code": "", "contact": "", "is_active": True}
    OrganisationResource().save(acting_user=cast.county, values={**values, "county": cast.places["320115"]})


def more_owing(cast: Cast, number: int) -> None:
    more_enterprises(cast, number)
    DutyRule.objects.get_or_create(kind=PARTY)
    generate_duties(NOW)


def more_undecided(cast: Cast, number: int) -> None:
    UndecidedItem.objects.create(kind="ideology.lecture", field=f"example{number}", name=f"示例内容{number}")


def more_people(cast: Cast, number: int) -> None:
    make_person(f"person{number}", f"第{number}人", Role.CLERK, cast.enterprise.place)


def more_jobs(cast: Cast, number: int) -> None:
    owner = cast.city if number % 2 else cast.admin
    Job.objects.create(kind="reporting.build", title=f"任务{number}", owner=owner, unique_key=f"job-{number}")


def more_findings(cast: Cast, number: int) -> None:
    finding_of(cast, filed(cast.clerk, cast.enterprise, title=f"讲座{number}"))


def more_reports(cast: Cast, number: int) -> None:
    place = cast.places[("3201", "320115", "320106")[number % 3]]
    job = Job.objects.create(kind="reporting.build", title="季报", owner=cast.city, unique_key=f"report-{number}")
    Report.objects.create(
        region=place,
        province_id=place.province_id,
        city_id=place.city_id,
        county_id=place.county_id,
        job=job,
        quarter=NOW.code,
        draft_number=number + 1,
        created_by=cast.people[("city", "county", "province")[number % 3]],
        status=ReportStatus.FAILED,
    )


def more_places(cast: Cast, number: int) -> None:
    save_place(level=Level.ZONE, code=f"32019{number}", name=f"示例园区{number}", parent=cast.places["3201"])


def more_messages(cast: Cast, number: int) -> None:
    for who in ("county", "clerk", "lead")[: number + 1]:
        Message.objects.create(
            recipient=cast.people[who],
            event="tests.example",
            title=f"消息{number}",
            place=cast.enterprises["enterprise"].place,
            mail=Mail.FAILED,
            mail_error="收件地址不存在",
        )
    Message.objects.create(recipient=cast.county, event="tests.example", title="又一条", place=cast.places["32"])


def more_notices(cast: Cast, number: int) -> None:
    who, code = (("province", "32"), ("city", "3201"), ("county", "320115"))[number % 3]
    sent(cast.people[who], cast.places[code], title=f"通知{number}")


def more_units(cast: Cast, number: int) -> None:
    """One more enterprise of the one notice; half of them urged."""
    notice = Notice.objects.first() or sent(cast.county, cast.places["320115"])
    more_enterprises(cast, number)
    enterprise = Place.objects.get(name=f"江宁示例第{number}公司")
    Delivery.objects.create(
        notice=notice,
        place=enterprise,
        level=enterprise.level,
        province_id=enterprise.province_id,
        city_id=enterprise.city_id,
        county_id=enterprise.county_id,
        enterprise=enterprise,
    )
    if number:
        urge(acting_user=cast.county, matter=matter_of(notice), place_ids=[enterprise.pk], text="请签收。")


def more_register_imports(cast: Cast, number: int) -> None:
    Import.objects.create(resource="enterprises.register", filename=f"名录{number}.xlsx", created_by=cast.county)


def more_edits(cast: Cast, number: int) -> None:
    enterprise = Enterprise.objects.get(pk=cast.enterprise.pk)
    who, values = (cast.lead, cast.county)[number % 2], {"headcount": 300 + number}
    update_enterprise(acting_user=who, enterprise_id=enterprise.pk, version=enterprise.version, values=values)
    enterprise.refresh_from_db()
    name = {"name": f"江宁示例第{number}次更名公司"}
    update_enterprise(acting_user=who, enterprise_id=enterprise.pk, version=enterprise.version, values=name)


class Listed(NamedTuple):
    """Who opens which list, what adds a row to it, and what it may cost."""

    address: str
    who: str
    more: Callable[[Cast, int], None]
    queries: int


LISTS = (
    Listed("/records/", "county", more_records, 10),
    Listed("/records/?kind=ideology.lecture", "county", more_records, 9),
    Listed(f"/records/?fact=B01.sessions&region=3201&quarter={NOW.code}", "city", more_counted, 18),
    Listed("/review/", "county", more_records, 11),
    Listed("/review/?due=later&mark=high&assigned=nobody&sort=-risk", "county", more_unusual, 12),
    Listed("/review/batches/", "county", more_batches, 6),
    Listed("/review/samples/", "city", more_flagged, 10),
    Listed("/review/appeals/", "city", more_appeals, 7),
    Listed("/review/corrections/", "county", more_corrections, 7),
    Listed(f"/records/progress/?quarter={NOW.code}", "county", more_enterprises, 10),
    Listed(f"/records/duties/?quarter={NOW.code}", "county", more_owing, 11),
    Listed("/enterprises/", "county", more_enterprises, 10),
    Listed("/enterprises/import/", "county", more_register_imports, 6),
    Listed("/enterprises/{enterprise}/history/", "county", more_edits, 8),
    Listed("/enterprises/pilots/", "county", more_pilots, 8),
    Listed("/enterprises/clusters/", "county", more_clusters, 8),
    Listed("/enterprises/organisations/", "county", more_organisations, 8),
    Listed("/enterprises/profiles/", "county", more_enterprises, 8),
    Listed("/accounts-admin/", "admin", more_people, 8),
    Listed("/accounts-admin/", "county", more_people, 9),
    Listed("/audit/", "county", more_records, 5),
    Listed("/jobs/", "admin", more_jobs, 4),
    Listed("/notices/", "clerk", more_notices, 5),
    Listed("/notices/sent/", "province", more_notices, 5),
    Listed("/notices/{notice}/units/", "county", more_units, 6),
    Listed("/messages/", "county", more_messages, 5),
    Listed("/messages/mail/", "admin", more_messages, 4),
    Listed("/reports/", "province", more_reports, 9),
    Listed("/quality/", "county", more_findings, 7),
    Listed("/quality/", "clerk", more_findings, 6),
    Listed("/places/?q=示例园区", "city", more_places, 5),
    Listed("/api/v1/records/", "county", more_records, 4),
    Listed("/api/v1/enterprises/", "county", more_enterprises, 4),
    Listed("/api/v1/jobs/", "admin", more_jobs, 4),
    Listed("/api/v1/reports/", "province", more_reports, 4),
)


def rows_of(response: Any) -> int:
    if response["Content-Type"].startswith("application/json"):
        return len(response.json()["results"])
    return len(response.context["table"].page.object_list)


def measured(browser: Client, address: str) -> tuple[int, list[str]]:
    """Rows shown and queries made. Asked twice: the first answer also notes that somebody is there."""
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(address)
    assert response.status_code == 200, response.content.decode()[:500]
    return rows_of(response), [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.address)
def test_more_rows_cost_no_more_queries(cast, sign_in, listed):
    browser = sign_in(cast.people[listed.who])
    listed.more(cast, 0)
    notice = Notice.objects.values_list("pk", flat=True).first()
    address = listed.address.format(notice=notice, enterprise=cast.enterprise.pk)
    few, queries = measured(browser, address)
    listed.more(cast, 1)
    listed.more(cast, 2)
    many, more_queries = measured(browser, address)
    assert few >= 1 and many >= few + 2, "the rows are not in the list"
    assert len(more_queries) == len(queries), "\n".join(more_queries)
    assert len(queries) <= listed.queries, "\n".join(queries)
