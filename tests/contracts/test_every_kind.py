"""Every kind of record goes the whole way by its declaration alone: pages, review, figures, API, history, wording."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db.models import Sum
from django.urls import reverse
from rest_framework.test import APIClient

from enterprises.models import Enterprise
from foundation.access.models import Role
from foundation.audit.log import registered_events
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from indicators.fill import catch_up
from indicators.queries import figures
from records.core.forms import RecordForm
from records.core.kinds import RecordKind, fact_by_code
from records.core.lines import stored_rows
from records.core.several import SeveralField
from records.core.workflow import STEP_LABELS
from records.models import Record, RecordStep, Status
from tests.contracts.filing import Filing, filing
from tests.contracts.kinds import each_kind
from tests.contracts.world import as_posted, values_for

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("kind", each_kind())]


def typed(kind: RecordKind, filer: Enterprise | Place, **changes: Any) -> dict[str, Any]:
    """What the browser sends: every field of the form this filer sees, empty where there is no value."""
    values = values_for(kind.slug, filer)
    fields = RecordForm(kind=kind, filer=filer).fields
    sent = {name: values.get(name, "") for name in fields if name not in ("form_token", "version")}
    posted = as_posted({**sent, **changes})
    # A box for each that is chosen.
    several = {name: field for name, field in fields.items() if isinstance(field, SeveralField)}
    return posted | {name: field.prepare_value(posted[name]) for name, field in several.items()}


def send(browser: Any, address: str, values: dict[str, Any]) -> None:
    """Post a form. Made-up rows are now and then alike or break a rule: the clerk confirms what is asked about them."""
    response = browser.post(address, values)
    if response.status_code == 200 and (warnings := response.context.get("warnings")):
        confirmed = {"confirmed": [warning.key for warning in warnings], "confirm_reason": "已核对，是两场。"}
        response = browser.post(address, values | confirmed)
    assert response.status_code == 302, response.context["form"].errors


def file_new(browser: Any, kind: RecordKind, by: Filing, **changes: Any) -> Record:
    # Whoever may file for enterprises and for an office says in the address for whom.
    address = f"{reverse('records:create', args=[kind.slug])}?{urlencode(by.named)}"
    send(browser, address, typed(kind, by.filer, **by.named, **changes))
    return Record.objects.latest("pk").specific()


def decide(browser: Any, record: Record, action: str) -> None:
    record.refresh_from_db()
    data = {"do": action, "version": record.version, "reason": "请核对后再提交。"}
    response = browser.post(reverse("records:review_record", args=[record.pk]), data)
    assert response.status_code == 302, response.content.decode()


def test_the_whole_way_through_the_pages(kind, cast, sign_in):
    by = filing(kind, cast)
    clerk, county = sign_in(by.by), sign_in(by.deciding[0])
    assert clerk.get(reverse("records:create", args=[kind.slug])).status_code == 200
    record = file_new(clerk, kind, by, do="draft")
    assert (record.status, record.kind) == (Status.DRAFT, kind.slug)
    listed = clerk.get(reverse("records:list"), {"kind": kind.slug})
    assert listed.status_code == 200 and record.title in listed.content.decode()
    edit = reverse("records:edit", args=[record.pk])
    assert clerk.get(edit).status_code == 200
    values = typed(kind, by.filer, version=record.version, do="submit")
    send(clerk, edit, values)
    record.refresh_from_db()
    waiting = county.get(reverse("records:review")).content.decode()
    assert record.title in waiting and kind.label in waiting
    decide(county, record, "return")
    detail = clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    assert "请核对后再提交。" in detail
    filed = record.specific()
    left_out = kind.left_out(filed.enterprise)
    for group in kind.fieldsets:
        for name in group.fields:
            if name not in left_out and kind.is_shown(filed, name):
                assert str(kind.model._meta.get_field(name).verbose_name) in detail, name
    for lines in kind.lines:
        assert str(lines.label) in detail
        for name in lines.fields:
            assert str(lines.model._meta.get_field(name).verbose_name) in detail, name
    record.refresh_from_db()
    send(clerk, edit, {**values, "version": record.version})
    for person in by.deciding:
        decide(sign_in(person), record, "approve")
    record.refresh_from_db()
    assert record.status == Status.APPROVED

    steps = [step.action for step in RecordStep.objects.filter(record=record)]
    assert [action for action in steps if action != "edit"] == ["create", "submit", "return", "submit", "approve"]
    assert set(steps) <= set(STEP_LABELS)
    assert all(step.values.keys() >= set(kind.fields) for step in RecordStep.objects.filter(record=record))
    events = set(
        Entry.objects.filter(target_id=str(record.pk), target_type=kind.model._meta.label_lower).values_list(
            "event", flat=True
        )
    )
    assert (
        {"records.created", "records.submit", "records.return", "records.approve"} <= events <= set(registered_events())
    )
    entry = Entry.objects.get(event="records.created", target_id=str(record.pk))
    labels = {str(kind.model._meta.get_field(name).verbose_name) for name in kind.fields}
    of_lines = {label for label in entry.changes if any(label.startswith(str(lines.label)) for lines in kind.lines)}
    assert entry.changes and set(entry.changes) - of_lines <= labels | {"报告期", "佐证材料"}


def test_a_draft_may_have_gaps_and_handing_it_in_names_each(kind, cast, sign_in):
    by = filing(kind, cast)
    clerk = sign_in(by.by)
    token = "7e0f7a52-29a6-4c5e-9a57-0e35b1a4a001"
    empty = dict.fromkeys(kind.fields, "") | {"form_token": token, **by.named}
    if kind.is_return:
        empty["period"] = RecordForm(kind=kind, filer=by.filer).fields["period"].choices[0][0]
    assert clerk.post(reverse("records:create", args=[kind.slug]), {**empty, "do": "draft"}).status_code == 302
    record = Record.objects.get()
    response = clerk.post(reverse("records:edit", args=[record.pk]), {**empty, "version": 1, "do": "submit"})
    assert response.status_code == 200
    needed = {name for name in kind.required if name in response.context["form"].fields}
    assert needed <= set(response.context["form"].errors)
    refused = clerk.post(reverse("records:act", args=[record.pk, "submit"]), {"version": 1}, follow=True)
    for name in needed:
        assert f"“{kind.model._meta.get_field(name).verbose_name}”还没有填" in refused.content.decode(), name
    record.refresh_from_db()
    assert record.status == Status.DRAFT


def test_the_figure_is_what_the_records_behind_it_say(kind, cast, sign_in):
    by = filing(kind, cast)
    clerk, province = sign_in(by.by), sign_in(cast.province)
    for number in range(1 if kind.is_return else 3):
        record = file_new(clerk, kind, by, do="submit")
        if number < 2:
            for person in by.deciding:
                decide(sign_in(person), record, "approve")
    catch_up()
    quarter = Quarter.parse(Record.objects.filter(status=Status.APPROVED).latest("pk").quarter)
    region = "32" if Role.COUNTY not in kind.office_levels else "3201"
    shown = figures(cast.places[region], quarter)
    for fact in kind.facts:
        opened = province.get(reverse("records:list"), {"fact": fact.code, "region": region, "quarter": quarter.code})
        rows = kind.model.objects.filter(pk__in=[row.pk for row in opened.context["table"].data])
        if fact.lines:
            lines = kind.counted_lines(fact).filter(record__in=rows)
            behind = lines.aggregate(value=Sum(fact.amount))["value"] if fact.amount else lines.count()
        else:
            behind = rows.aggregate(value=Sum(fact.amount))["value"] if fact.amount else rows.count()
        value = shown[fact.code].value
        assert (value or 0) == Decimal(behind or 0), fact.code
        assert fact_by_code(fact.code) == (kind, fact)
    assert any(shown[fact.code].value for fact in kind.facts), "no record of the factory counted towards anything"


def test_pages_and_api_give_the_same_record(kind, cast, sign_in):
    by = filing(kind, cast)
    page_record = file_new(sign_in(by.by), kind, by, do="draft")
    api = APIClient()
    api.force_authenticate(by.by)
    shown = api.get(f"/api/v1/records/{page_record.pk}/").json()
    names = [
        name for name in RecordForm(kind=kind, filer=by.filer).fields if name not in ("form_token", "version", "period")
    ]
    body = {name: shown[name] for name in names} | {"kind": kind.slug, **by.named}
    if kind.is_return:
        for lines in kind.lines:
            assert stored_rows(page_record, lines)  # read before it goes
        # One return a period: the twin made through the API stands for the period after.
        Record.objects.filter(pk=page_record.pk).delete()
        body["period"] = shown["period"]
    answer = api.post("/api/v1/records/", body, format="json")
    assert answer.status_code == 201, answer.json()
    made = kind.model.objects.get(pk=answer.json()["id"])
    for name in names:
        if (lines := kind.lines_named(name)) is not None:
            assert stored_rows(made, lines) == stored_rows(page_record, lines)
        else:
            assert getattr(made, name) == getattr(page_record, name), name
    again = api.get(f"/api/v1/records/{made.pk}/").json()
    same = [*names, "title", "status", "quarter", "period", "county"]
    assert {name: again[name] for name in same} == {name: shown[name] for name in same}


def test_the_json_schema_lists_every_field(kind, cast):
    api = APIClient()
    api.force_authenticate(cast.clerk)
    described = api.get(f"/api/v1/kinds/{kind.slug}/").json()
    schema = next(value for value in described.values() if isinstance(value, dict) and "properties" in value)
    fields = {name for name in kind.fields if not (kind.is_return and name == "title")}
    fields |= {lines.name for lines in kind.lines}
    for lines in kind.lines:
        assert set(schema["properties"][lines.name]["items"]["properties"]) == set(lines.fields)
    assert set(schema["properties"]) == fields | ({"period"} if kind.is_return else set())
    assert set(schema["required"]) == {*kind.required, *(lines.name for lines in kind.lines if lines.at_least)}
    for name in kind.fields if not kind.is_return else set(kind.fields) - {"title"}:
        assert schema["properties"][name]["title"] == str(kind.model._meta.get_field(name).verbose_name)
    assert [fact["code"] for fact in described["facts"]] == [fact.code for fact in kind.facts]


def test_no_hint_allows_what_the_hand_in_refuses(kind):
    """留空 beside a field that must be filled: one of them is wrong."""
    for name in kind.required:
        hint = str(kind.model._meta.get_field(name).help_text)
        assert "留空" not in hint and "可以不填" not in hint, (name, hint)
