"""A small world with one of everything, made through factories and actions, for the contracts to walk over."""

import datetime
import io
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook
from PIL import Image

from backoffice.regions.actions import add_small_place
from enterprises.bases.resources import BaseResource
from enterprises.bases.sorts import CANTEEN
from enterprises.bodies.actions import save_meeting, save_member
from enterprises.bodies.resources import BodyResource
from enterprises.models import (
    Base,
    BaseSort,
    Body,
    BodyKind,
    Cluster,
    ClusterKind,
    Organisation,
    Part,
    Pilot,
    PilotTier,
    Stage,
)
from enterprises.organisations.resources import OrganisationResource
from enterprises.pilots.actions import open_pilot
from enterprises.pilots.cluster_actions import set_member
from enterprises.pilots.resources import ClusterResource
from enterprises.profiles.actions import file_profile
from enterprises.profiles.queries import this_year
from foundation.access.models import Grant, Role
from foundation.access.signin import home_of
from foundation.accounts.models import SecurityPolicy
from foundation.calendar.models import WorkYear
from foundation.calendar.periods import Quarter
from foundation.exchange.models import Import
from foundation.jobs.models import Job
from foundation.jobs.models import Status as JobStatus
from foundation.notify.models import Mail, Message
from foundation.places.models import Level, Place
from foundation.saved_views.actions import save_view
from foundation.saved_views.models import SavedView
from foundation.stored_files.actions import store_file
from indicators.compliance.evaluating import store as store_compliance
from indicators.loading import load_indicators
from indicators.models import PlaceTotal
from indicators.sets import Scope
from notices.actions import withdraw_notice
from notices.models import Delivery, Notice, NoticeFile
from policies.loading import load_policies
from policies.models import Document, Edition
from records.core.actions import act, file_record
from records.core.factories import build_record
from records.core.kinds import kind_by_slug
from records.core.lines import stored_rows
from records.core.values import stored
from records.duties.actions import generate_duties, make_statement
from records.models import Appeal, Attachment, Correction, DutyRule, Record, Status
from records.review.batches import freeze
from records.review.queries import held_for
from reporting.bundles.models import Bundle, BundleStatus
from reporting.canonical import snapshot_hash
from reporting.crosstable.actions import save_table
from reporting.crosstable.models import SavedTable
from reporting.models import Finding, QualityThresholds, Report
from reporting.models import State as ReportState
from reporting.models import Status as ReportStatus
from reporting.snapshot import build_snapshot
from tests.cast import Cast, make_cast, make_person
from tests.confirming import confirm
from tests.contracts.samples import one_of_each
from tests.notices.helpers import QUESTIONS, delivery_of, draft, sent, soon
from tests.policies.entered import drafted, published

LECTURE, PARTY = "ideology.lecture", "ideology.partydevelopment"


def picture(color: str = "navy") -> bytes:
    """A real little PNG."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(out, "PNG")
    return out.getvalue()


def upload(name: str = "现场照片.png", color: str = "navy") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(color), content_type="image/png")


def people_workbook(rows: list[tuple]) -> SimpleUploadedFile:
    """What an office uploads to make accounts: name, user name, role, unit, until."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["姓名*", "用户名", "角色*", "单位代码或名称*", "有效期至"])
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return SimpleUploadedFile("人员.xlsx", out.getvalue())


def values_for(slug: str, enterprise: Any, **changes: Any) -> dict[str, Any]:
    """What a person would type for a complete record of the kind."""
    kind = kind_by_slug(slug)
    row = build_record(kind, enterprise=enterprise)
    names = [name for name in (*kind.fields, "period") if not (kind.is_return and name == "title")]
    values = {name: stored(row, name) for name in names}
    values |= {lines.name: stored_rows(row, lines) for lines in kind.lines}
    return {**{name: value for name, value in values.items() if value is not None}, **changes}


def as_posted(values: dict[str, Any]) -> dict[str, Any]:
    """Values as a browser sends them: each cell of the lines under a name of its own, nothing for what is not said."""
    posted: dict[str, Any] = {}
    for name, value in values.items():
        if not isinstance(value, list):
            posted[name] = "" if value is None else value
            continue
        for number, row in enumerate(value):
            posted |= {f"{name}-{number}-{cell}": "" if said is None else said for cell, said in row.items()}
    return posted


def filed(by: Any, enterprise: Any, *moves: tuple[Any, str], slug: str = LECTURE, **changes: Any) -> Record:
    """A record made by somebody and taken through moves: ``filed(clerk, enterprise, (clerk, "submit"), (county, "return"))``."""
    record = file_record(
        acting_user=by, kind=kind_by_slug(slug), filer=enterprise, values=values_for(slug, enterprise, **changes)
    )
    for who, action in moves:
        record = confirm(
            act, acting_user=who, record_id=record.pk, action=action, version=record.version, reason="请核对人次。"
        )
    return record


@dataclass
class World:
    """Everything the walk needs: rows of 江宁示例机械有限公司, 江宁区 and 南京市."""

    cast: Cast
    draft: Record
    submitted: Record
    returned: Record
    approved: Record
    evidence: Attachment
    draft_evidence: Attachment
    report: Report
    building: Report
    failed: Report
    issued: Report
    job: Job
    failed_job: Job
    view: SavedView
    table: SavedTable
    pilot: Pilot
    chain: Cluster
    base: Base
    empty_park: Cluster
    township: Place
    school: Organisation
    body: Body
    message: Message
    notice_draft: Notice
    notice: Notice
    delivery: Delivery
    notice_file: NoticeFile
    policy_draft: Edition
    policy: Document

    @property
    def people(self) -> dict[str, Any]:
        return self.cast.people


def _job(owner: Any, key: str, status: str) -> Job:
    return Job.objects.create(
        kind="reporting.build",
        title="生成南京市季报",
        parameters={"report": 0},
        owner=owner,
        unique_key=key,
        status=status,
    )


def make_report(cast: Cast, draft_number: int, **values: Any) -> Report:
    """A report of 南京市 as it stands at some point of its life; files and snapshot only once ready."""
    city = cast.places["3201"]
    quarter = Quarter.current().previous()
    report = Report(
        region=city,
        province_id=city.province_id,
        city_id=city.pk,
        quarter=quarter.code,
        draft_number=draft_number,
        created_by=cast.city,
        **values,
    )
    if report.status == ReportStatus.READY:
        report.snapshot = build_snapshot(city, quarter)
        report.snapshot_hash = snapshot_hash(report.snapshot)
        report.built_at = timezone.now()
        for face in ("pdf", "xlsx", "docx"):
            getattr(report, face).save(f"report.{face}", ContentFile(b"%PDF-" if face == "pdf" else b"PK"), save=False)
    report.save()
    return report


def make_charted_report(cast: Cast) -> Report:
    """A report of a quarter of which something is known, so that it has its chart; without a line in the audit log."""
    quarter = Quarter.current().previous()
    PlaceTotal.objects.create(
        place=cast.places["3201"], quarter=quarter.code, fact="B01.sessions", value=3, reporting=1, witnessed=1
    )
    return make_report(cast, 9, status=ReportStatus.READY)


def make_bundle(cast: Cast, who: str, name: str = "enterprise") -> Bundle:
    """A ledger somebody had made."""
    enterprise = cast.enterprises[name]
    return Bundle.objects.create(
        enterprise=enterprise,
        province_id=enterprise.province_id,
        city_id=enterprise.city_id,
        county_id=enterprise.county_id,
        year=2026,
        created_by=cast.people[who],
        status=BundleStatus.READY,
        file=default_storage.save("bundles/sample.zip", ContentFile(b"PK")),
    )


def make_chain(cast: Cast, who: str, name: str) -> Cluster:
    """A chain of the enterprise's county with the enterprise as its head, itself a pilot of the county."""
    office, enterprise = cast.people[who], cast.enterprises[name]
    values = {"kind": ClusterKind.CHAIN, "name": "示例装备产业链", "place": enterprise.county, "note": ""}
    chain = ClusterResource().save(acting_user=office, values=values)
    set_member(acting_user=office, cluster=chain, enterprise=enterprise, part=Part.HEAD)
    open_pilot(acting_user=office, subject=chain, values={"tier": PilotTier.COUNTY})
    return chain


def make_body(cast: Cast, who: str, name: str) -> Body:
    """An association of the enterprise, entered by its own people, with a member and a meeting."""
    keeper, place = cast.people[who], cast.enterprises[name].place
    values = {"kind": BodyKind.ASSOCIATION, "name": "示例职工摄影协会", "place": place, "level": "", "member_count": 30}
    body = BodyResource().save(acting_user=keeper, values=values)
    assert isinstance(body, Body)
    save_member(acting_user=keeper, body_id=body.pk, values={"name": "林会员", "unit": "工会", "post": "会长"})
    meeting = {"held_on": datetime.date(2026, 3, 2), "topic": "年度活动安排", "resolution": ""}
    save_meeting(acting_user=keeper, body_id=body.pk, values=meeting)
    return body


def make_base(cast: Cast, who: str, name: str) -> Base:
    """A canteen that the enterprise holds."""
    enterprise = cast.enterprises[name]
    values = {
        "sort": BaseSort.objects.get(pk=CANTEEN),
        "name": "示例职工食堂",
        "place": enterprise.county,
        "enterprise": enterprise,
        "address": "示例路1号",
    }
    return BaseResource().save(acting_user=cast.people[who], values=values)


def make_message(cast: Cast, who: str) -> Message:
    """Told in the portal; its e-mail did not go out."""
    return Message.objects.create(
        recipient=cast.people[who], event="tests.example", title="请查收", mail=Mail.FAILED, mail_error="收件地址不存在"
    )


def make_notices(cast: Cast) -> dict[str, Any]:
    """江宁区's: a draft with a file, and one that came to its enterprises and asks for a receipt and an answer."""
    county = cast.places["320115"]
    unsent = draft(cast.county, county)
    return {
        "notice_draft": unsent,
        "notice_file": store_file(NoticeFile, acting_user=cast.county, upload=upload(color="gray"), owner=unsent),
        "notice": (out := sent(cast.county, county, feedback_due=soon(), questions=QUESTIONS)),
        "delivery": delivery_of(out, cast.enterprise.place),
    }


def appeal_against(cast: Cast, record: Record, held_by: str = "city") -> Appeal:
    return Appeal.objects.create(
        record_id=record.pk,
        province_id=record.province_id,
        city_id=record.city_id,
        county_id=record.county_id,
        enterprise_id=record.enterprise_id,
        rejected_by_level="county",
        rejected_by=cast.county,
        held_by=held_by,
        decide_by=timezone.localdate(),
        reason="不是重复。",
        made_by=record.created_by,
    )


def correction_of(cast: Cast, record: Record, held_by: str = "county", **values: Any) -> Correction:
    return Correction.objects.create(
        record_id=record.pk,
        province_id=record.province_id,
        city_id=record.city_id,
        county_id=record.county_id,
        enterprise_id=record.enterprise_id,
        held_by=held_by,
        decide_by=timezone.localdate(),
        reason="人次应为 45。",
        made_by=record.created_by,
        **values,
    )


def finding_of(cast: Cast, record: Record, state: str = "asked", held_by: str = "county") -> Finding:
    """The record looks like a double; its enterprise was asked about it unless nobody has looked yet."""
    asked = {} if state == "open" else {"asked_at": timezone.now(), "asked_by": cast.county, "question": "请核对。"}
    return Finding.objects.create(
        enterprise_id=record.enterprise_id,
        province_id=record.province_id,
        city_id=record.city_id,
        county_id=record.county_id,
        held_by=held_by,
        period=record.quarter,
        quarter=record.quarter,
        sort="duplicate",
        subject=f"record {record.pk} {state} {held_by}",
        record=record,
        details={"twin": record.pk, "day": "2026-09-01", "title": "数控加工入门", "alike": "day_and_title"},
        seen="twin",
        state=state,
        found_at=timezone.now(),
        **asked,
    )


def make_world() -> World:
    cast = make_cast()
    cast.people["neighbour_admin"] = make_person("neighbour_admin", "邻市管理员", Role.ADMIN, cast.places["3205"])
    # Somebody else administers the province too, so that nobody here is the last administrator.
    make_person("second_admin", "高管理二", Role.ADMIN, cast.places["32"])
    SecurityPolicy.objects.create(pk=1)
    QualityThresholds.objects.create(pk=1)
    load_indicators()
    load_policies(settings.BASE_DIR / "data" / "policy")
    DutyRule.objects.create(kind=PARTY)
    WorkYear.objects.create(year=2076)
    clerk, county = cast.clerk, cast.county
    # Told apart by title and speaker, so that handing one in never looks like filing another twice.
    draft = filed(clerk, cast.enterprise, title="班组长经验分享", speaker="郑草拟")
    submitted = filed(clerk, cast.enterprise, title="安全生产大家谈", speaker="钱待审")
    evidence = store_file(Attachment, acting_user=clerk, upload=upload(), owner=submitted)
    submitted = confirm(
        act, acting_user=clerk, record_id=submitted.pk, action="submit", version=submitted.version, reason="已核对。"
    )
    store_compliance(Quarter.current(), Scope(places=[cast.enterprise.pk]))
    job, failed_job = _job(cast.city, "one", JobStatus.QUEUED), _job(cast.city, "two", JobStatus.FAILED)
    return World(
        cast=cast,
        draft=draft,
        submitted=submitted,
        returned=filed(
            clerk, cast.enterprise, (clerk, "submit"), (county, "return"), title="女职工权益讲座", speaker="孙退回"
        ),
        approved=filed(
            clerk, cast.enterprise, (clerk, "submit"), (county, "approve"), title="数控加工入门", speaker="李通过"
        ),
        evidence=evidence,
        draft_evidence=store_file(Attachment, acting_user=clerk, upload=upload(color="red"), owner=draft),
        report=make_report(cast, 1, status=ReportStatus.READY),
        building=make_report(cast, 2, status=ReportStatus.BUILDING, job=job),
        failed=make_report(cast, 3, status=ReportStatus.FAILED, job=failed_job),
        issued=make_report(
            cast,
            4,
            status=ReportStatus.READY,
            state=ReportState.ISSUED,
            verify_code="ABCDEFGH23",
            number="宁〔2026〕1号",
            issued_on=timezone.localdate(),
            issued_at=timezone.now(),
            issued_by=cast.city,
        ),
        job=job,
        failed_job=failed_job,
        message=make_message(cast, "clerk"),
        **make_notices(cast),
        policy_draft=drafted(cast.province),
        policy=published(cast.province, title="关于保障待遇的意见"),
        view=save_view(acting_user=clerk, page="records.list", name="待审", query="status=submitted"),
        table=save_table(
            acting_user=cast.city, place=cast.places["3201"], name="各县", query="rows=county", is_shared=True
        ),
        pilot=open_pilot(
            acting_user=cast.city, subject=cast.enterprise, values={"tier": PilotTier.CITY, "stage": Stage.INTRODUCTION}
        ),
        chain=make_chain(cast, "county", "enterprise"),
        base=make_base(cast, "county", "enterprise"),
        township=add_small_place(
            acting_user=cast.county, county=cast.places["320115"], level=Level.TOWNSHIP, name="示例街道"
        ),
        body=make_body(cast, "lead", "enterprise"),
        school=OrganisationResource().save(
            acting_user=cast.county,
            values={
                "kind": "technician",
                "name": "示例技师学院",
                "code": "",
                "county": cast.places["320115"],
                "contact": "",
                "is_active": True,
            },
        ),
        empty_park=ClusterResource().save(
            acting_user=cast.county,
            values={"kind": ClusterKind.PARK, "name": "示例空园区", "place": cast.places["320115"], "note": ""},
        ),
    )


def make_many(world: World) -> None:
    """Rows in every status by several makers, a row of every register, owed and said things, and people with unusual
    grants."""
    cast = world.cast
    one_of_each(cast)
    clerk, lead, county, colleague = cast.clerk, cast.lead, cast.county, cast.county_colleague
    for maker, enterprise, office in (
        (clerk, cast.enterprise, county),
        (lead, cast.enterprise, county),
        (county, cast.enterprise, colleague),
        (cast.city, cast.enterprise, county),
        (cast.province, cast.gulou_enterprise, cast.other_county),
        (cast.second_clerk, cast.second_enterprise, county),
        (cast.neighbour, cast.neighbour_enterprise, cast.neighbour_county),
        (cast.neighbour_county, cast.neighbour_enterprise, None),
    ):
        filed(maker, enterprise)
        filed(maker, enterprise, (maker, "submit"))
        filed(maker, enterprise, (maker, "submit"), (maker, "withdraw"))
        for decision in ("return", "approve", "reject"):
            if office is not None:
                filed(maker, enterprise, (maker, "submit"), (office, decision))
        store_file(Attachment, acting_user=maker, upload=upload(), owner=filed(maker, enterprise))
        Attachment.objects.create(
            form_token="7e0f7a52-29a6-4c5e-9a57-0e35b1a4a00" + str(maker.pk % 10),
            file="evidence/x",
            name="x.png",
            content_type="image/png",
            size=1,
            sha256="0" * 64,
            uploaded_by=maker,
        )
    # No kind asks for the city yet; the rule must hold for one that does.
    at_city = filed(clerk, cast.enterprise, (clerk, "submit"))
    Record.objects.filter(pk=at_city.pk).update(held_by="city")
    filed_by_office = filed(cast.city, cast.gulou_enterprise, (cast.city, "submit"))
    Record.objects.filter(pk=filed_by_office.pk).update(held_by="city")
    assert set(Record.objects.values_list("status", flat=True)) == set(Status.values)
    generate_duties(Quarter.current())
    for person, enterprise in ((clerk, cast.enterprise), (cast.neighbour, cast.neighbour_enterprise)):
        make_statement(acting_user=person, enterprise=enterprise, quarter=Quarter.current(), is_nil=False, asks=False)
    for who in (clerk, lead, county, cast.province, cast.neighbour):
        Import.objects.create(
            resource="records.records", options={"kind": LECTURE}, filename="台账.xlsx", created_by=who
        )
        Import.objects.create(resource="enterprises.register", filename="名录.xlsx", created_by=who)
    refused = Record.objects.filter(status=Status.REJECTED).order_by("pk")
    for number, record in enumerate(refused):
        if number % 3:
            appeal_against(cast, record, "city" if number % 3 == 1 else "province")
    for number, record in enumerate(Record.objects.filter(status=Status.APPROVED).order_by("pk")):
        if number % 4 == 3:
            correction_of(cast, record, outcome="declined", answer="数字无误。", decided_by=cast.county)
        elif number % 4:
            correction_of(cast, record, "county" if number % 4 == 1 else "city")
    for record in Record.objects.filter(status=Status.APPROVED, enterprise__isnull=False).order_by("pk"):
        for state in ("open", "asked", "answered", "settled", "gone"):
            finding_of(cast, record, state)
        finding_of(cast, record, "open", held_by="city")
    Record.objects.filter(status=Status.APPROVED).update(is_flagged=True)
    for who in (county, cast.neighbour_county, cast.city):
        freeze(acting_user=who, action="approve", records=held_for(who), asked="全部待审核记录")
    _unusual_people(cast)
    for who, named in (
        ("clerk", "enterprise"),
        ("county", "enterprise"),
        ("auditor", "gulou_enterprise"),
        ("neighbour", "neighbour_enterprise"),
    ):
        make_bundle(cast, who, named)
    make_chain(cast, "neighbour_county", "neighbour_enterprise")
    for who, named, tier in (
        ("county", "second_enterprise", PilotTier.TOWNSHIP),
        ("province", "enterprise", PilotTier.NATIONAL),
        ("neighbour_city", "neighbour_enterprise", PilotTier.CITY),
        ("province", "gulou_enterprise", PilotTier.PROVINCIAL),
    ):
        open_pilot(acting_user=cast.people[who], subject=cast.enterprises[named], values={"tier": tier})
    for who in ("county", "neighbour", "moved", "admin"):
        make_message(cast, who)
    sent(cast.province, cast.places["32"], levels=["city", "county", "enterprise"])
    withdraw_notice(
        acting_user=cast.neighbour_county, notice=sent(cast.neighbour_county, cast.places["320571"]), reason="发错了。"
    )
    for who, code in (("city", "3201"), ("neighbour_city", "3205")):
        store_file(
            NoticeFile, acting_user=cast.people[who], upload=upload(), owner=draft(cast.people[who], cast.places[code])
        )
    store_file(NoticeFile, acting_user=cast.county, upload=upload(), form_token=uuid.uuid4())
    later = timezone.now() + datetime.timedelta(days=1)
    Message.objects.create(recipient=clerk, event="tests.example", title="明早再说", shown_from=later)
    for who, named in (("clerk", "enterprise"), ("city", "gulou_enterprise"), ("neighbour", "neighbour_enterprise")):
        file_profile(
            acting_user=cast.people[who],
            enterprise_id=cast.enterprises[named].pk,
            year=this_year(),
            version=0,
            values={"headcount": 210},
        )
    # Asked for by somebody who has since gone to another county.
    make_bundle(cast, "moved")
    for number, (who, code) in enumerate((("neighbour_city", "3205"), ("county", "320115"), ("province", "32"))):
        place = cast.places[code]
        Report.objects.create(
            region=place,
            province_id=place.province_id,
            city_id=place.city_id,
            county_id=place.county_id,
            quarter=Quarter.current().code,
            draft_number=number + 1,
            created_by=cast.people[who],
            status=ReportStatus.FAILED,
        )
    for status in JobStatus.values:
        for who in ("clerk", "county", "province", "admin", "neighbour"):
            _job(cast.people[who], f"{who}-{status}", status)
        _job(None, f"system-{status}", status)


def _unusual_people(cast: Cast) -> None:
    """Two enterprises in one hand, an office that also administers, expired grants, a suspended account, nobody."""
    both = make_person("both", "两家经办", Role.CLERK, cast.enterprises["enterprise"].place)
    Grant.objects.create(user=both, role=Role.CLERK, place=cast.enterprises["neighbour_enterprise"].place)
    mixed = make_person("mixed", "兼任", Role.CITY, cast.places["3201"])
    Grant.objects.create(user=mixed, role=Role.ADMIN, place=cast.places["3205"])
    expired = make_person("expired", "已到期", Role.PROVINCE, cast.places["32"])
    Grant.objects.filter(user=expired).update(valid_until=timezone.localdate() - datetime.timedelta(days=1))
    moved = make_person("moved", "调任", Role.COUNTY, cast.places["320115"])
    Grant.objects.filter(user=moved).update(valid_until=timezone.localdate() - datetime.timedelta(days=1))
    Grant.objects.create(
        user=moved, role=Role.COUNTY, place=cast.places[cast.enterprises["neighbour_enterprise"].county.code]
    )
    suspended = make_person("suspended", "已停用", Role.ADMIN, cast.places["32"])
    suspended.is_active = False
    suspended.save(update_fields=["is_active"])
    no_grant = make_person("no_grant", "无授权", Role.CLERK, cast.enterprises["enterprise"].place)
    Grant.objects.filter(user=no_grant).delete()
    county_auditor = make_person("county_auditor", "区审计", Role.AUDITOR, cast.places["320115"])
    county_admin = make_person("county_admin", "区管理", Role.ADMIN, cast.places["320115"])
    people = (both, mixed, expired, moved, suspended, no_grant, county_auditor, county_admin)
    cast.people |= {person.username: person for person in people}
    assert home_of(no_grant) is None
    cast.enterprises["second_enterprise"].is_active = False
    cast.enterprises["second_enterprise"].save(update_fields=["is_active"])
