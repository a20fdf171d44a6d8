"""Every register (``foundation.crud.resource``) has what its declaration promises: pages, workbook and API, each for whoever
may and for nobody else, at a number of queries that does not grow with the rows."""

import functools
import io
from urllib.parse import quote

import factory.random
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from foundation.access.rules import verdict
from foundation.audit.models import Entry
from foundation.crud.building import filterset_of, table_of
from foundation.crud.checks import problems_of
from foundation.crud.factories import factory_of
from foundation.crud.importing import import_of
from foundation.crud.resource import Permissions, Resource, resource_by_key
from foundation.exchange.models import Import
from foundation.exchange.writing import left_rows
from foundation.fields import field_of
from foundation.jobs import running
from foundation.ui.tables import PAGE_SIZE
from tests.cast import Cast
from tests.contracts.registers import (
    ENTERED_ELSEWHERE,
    REGISTERS,
    WITH_FORM,
    api_address,
    each_register,
    enter,
    keeper,
    more_rows,
    reader,
    sent,
)
from tests.contracts.samples import sample

pytestmark = pytest.mark.django_db

#: What a list may cost at most, whatever it shows; ``tests/contracts/test_lists.py`` says less for some.
PAGE_QUERIES, API_QUERIES = 12, 6
#: NUL, digits that are none, a number beyond any column, and more text than any field holds.
_HOSTILE = ("a\0b", "²", "9" * 25, "长" * 300)

every_register = pytest.mark.parametrize("resource", each_register(REGISTERS))
every_form = pytest.mark.parametrize("resource", each_register(WITH_FORM))


@pytest.fixture(autouse=True)
def seeded(request: pytest.FixtureRequest) -> None:
    factory.random.reseed_random(request.node.name)


def is_plain_text(resource: Resource, name: str) -> bool:
    """Whether anything may be typed into the field, and again."""
    field = field_of(resource.model, name)
    return type(field) is models.CharField and not field.choices and name not in resource.fixed


def measured(browser: Client, address: str) -> tuple[int, list[str]]:
    """Rows shown and queries made, of the second answer: the first also notes that somebody is there."""
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    is_api = answer["Content-Type"].startswith("application/json")
    rows = answer.json()["results"] if is_api else answer.context["table"].page.object_list
    return len(rows), [query["sql"] for query in captured.captured_queries]


@every_form
def test_it_has_a_factory_of_its_model(resource: Resource) -> None:
    assert factory_of(resource)._meta.model is resource.model


def test_whatever_has_no_form_is_entered_elsewhere() -> None:
    assert {resource.key for resource in REGISTERS} == {r.key for r in WITH_FORM} | set(ENTERED_ELSEWHERE)


@every_register
def test_more_rows_cost_no_more_queries(cast: Cast, sign_in, resource: Resource) -> None:
    keeping = sign_in(keeper(cast, resource)) if resource in WITH_FORM else None
    browser = sign_in(reader(cast, resource))
    lists = [
        (resource.url("list"), PAGE_QUERIES),
        *([(api_address(resource), API_QUERIES)] if resource.has_api else []),
    ]
    more_rows(keeping, cast, resource, 0)
    before = {address: measured(browser, address) for address, _limit in lists}
    more_rows(keeping, cast, resource, 1)
    more_rows(keeping, cast, resource, 2)
    for address, limit in lists:
        (few, queries), (many, more_queries) = before[address], measured(browser, address)
        # A list that the portal comes with fills the page from the start.
        assert few >= 1 and (many >= few + 2 or few == many == PAGE_SIZE), "the rows are not in the list"
        assert len(more_queries) == len(queries), "\n".join(more_queries)
        assert len(queries) <= limit, "\n".join(queries)


@every_form
def test_a_row_is_entered_changed_and_remembered(cast: Cast, sign_in, resource: Resource) -> None:
    user = keeper(cast, resource)
    browser = sign_in(user)
    row = enter(browser, cast, resource, user)
    entered = Entry.objects.filter(event=resource.saved_event, target_id=str(row.pk))
    assert entered.count() == 1 and entered.get().changes, "what was entered is in the log"
    shown = browser.get(resource.home_of(row)).content.decode()
    assert str(row) in shown
    name = next(name for name in resource.fields if is_plain_text(resource, name))
    values = sent(resource, row, user)
    values[name] = f"{getattr(row, name)}改"
    answer = browser.post(resource.url("edit", row), values)
    assert answer.status_code == 302, [*answer.context["form"].errors.items()]
    label = str(resource.model._meta.get_field(name).verbose_name)
    change = entered.order_by("pk").last().changes
    assert list(change) == [label] and change[label] == [getattr(row, name), values[name]]
    history = browser.get(resource.url("history", row)).content.decode()
    assert values[name] in history and user.full_name in history
    if resource.is_versioned:
        late = browser.post(resource.url("edit", row), {**values, name: "别人没看到的改动"})
        assert late.status_code == 409 and entered.count() == 2
        assert "别人没看到的改动" in late.content.decode(), "what was typed is kept"


@every_form
def test_what_is_there_already_is_refused(cast: Cast, sign_in, resource: Resource) -> None:
    user = keeper(cast, resource)
    browser = sign_in(user)
    row = enter(browser, cast, resource, user)
    fresh = type(row)(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.editable}
    )
    answer = browser.post(resource.url("create"), sent(resource, fresh, user))
    assert answer.status_code == 200 and answer.context["form"].errors
    assert resource.model._default_manager.filter(**{n: getattr(row, n) for n in resource.natural_key}).count() == 1


@every_register
def test_whoever_may_and_nobody_else(cast: Cast, sign_in, client, resource: Resource) -> None:
    """The pages and the API say what the access rules say, to everybody of the cast."""
    if resource in WITH_FORM:
        office = keeper(cast, resource)
        row = enter(sign_in(office), cast, resource, office)
    else:
        more_rows(None, cast, resource, 0)
        row = resource.rows(reader(cast, resource)).first()
    addresses = {
        page: resource.url(page, row if page in ("detail", "edit", "history") else None) for page in resource.pages
    }
    for page, address in addresses.items():
        assert client.get(address).status_code == 302, f"{page}: nobody signed in"
    if resource.has_api:
        assert client.get(api_address(resource)).status_code == 401
    refused = set()
    for who, person in cast.people.items():
        browser = sign_in(person)
        views = bool(verdict(person, resource.permissions.view))
        sees = views and resource.rows(person).filter(pk=row.pk).exists()
        changes = bool(resource.permissions.change and verdict(person, resource.permissions.change))
        expected = {
            "list": {200 if views else 403},
            "export": {200 if views else 403},
            "create": {200 if changes else 403},
            "detail": {200} if sees else {404},
            "history": {200} if sees else {404},
            "edit": {404},
        }
        if sees and resource.permissions.change:
            expected["edit"] = {200 if verdict(person, resource.permissions.change, row) else 403}
        if not views:
            expected |= {page: {403, 404} for page in ("detail", "history", "edit")}
        if resource.takes_workbooks:
            for address in (resource.import_url, f"{resource.import_url}template/"):
                assert browser.get(address).status_code == (200 if changes else 403), f"{who}: {address}"
        for page, address in addresses.items():
            status = browser.get(address).status_code
            assert status in expected[page], f"{who}: {page} {status}"
            refused |= {page} if status in (403, 404) else set()
        if resource.has_api:
            assert browser.get(api_address(resource)).status_code == (200 if views else 403), who
            one = browser.get(api_address(resource, row)).status_code
            assert one in ({200} if sees else {403, 404}), f"{who}: api {one}"
    assert {"edit", "create"} & set(addresses) <= refused, "somebody of the cast must not"


@every_register
def test_filters_search_and_sorting(cast: Cast, sign_in, resource: Resource) -> None:
    """Whatever an address says, a list answers; the search finds a row by its own name."""
    more_rows(sign_in(keeper(cast, resource)) if resource in WITH_FORM else None, cast, resource, 0)
    browser = sign_in(reader(cast, resource))
    names = [*filterset_of(resource).base_filters, "page", "sort", "columns"]
    for name in names:
        for value in _HOSTILE:
            status = browser.get(f"{resource.url('list')}?{name}={quote(value)}").status_code
            assert status < 500, f"{name}={value!r}"
            if resource.has_api and name not in ("page", "sort", "columns"):
                assert browser.get(f"{api_address(resource)}?{name}={quote(value)}").status_code < 500, (
                    f"api {name}={value!r}"
                )
    table = table_of(resource)
    for column in (*table.base_columns, *(f"-{name}" for name in table.base_columns)):
        assert browser.get(f"{resource.url('list')}?sort={column}").status_code == 200, column
    if resource in WITH_FORM:
        row = resource.rows(reader(cast, resource)).last()
        name = functools.reduce(getattr, resource.search[0].lstrip("^").split("__"), row)
        found = browser.get(resource.url("list"), {"q": name})
        assert row.pk in [one.record.pk for one in found.context["table"].page.object_list]
        nothing = browser.get(resource.url("list"), {"q": "没有这样的名称"})
        assert not nothing.context["table"].page.object_list and "清除条件" in nothing.content.decode()


@every_register
def test_the_workbook_holds_the_list(cast: Cast, sign_in, resource: Resource) -> None:
    more_rows(sign_in(keeper(cast, resource)) if resource in WITH_FORM else None, cast, resource, 0)
    browser = sign_in(reader(cast, resource))
    listed = len(browser.get(resource.url("list")).context["table"].page.object_list)
    book = load_workbook(io.BytesIO(browser.get(resource.url("export")).content))
    heads, *rows = book.active.iter_rows(values_only=True)
    assert len(rows) >= listed >= 1 and all(heads)
    assert Entry.objects.filter(event=resource.exported_event).count() == 1


def brought(browser: Client, resource: Resource, book: Workbook) -> Import:
    """The workbook, uploaded and checked."""
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("名录.xlsx", out.getvalue())
    assert browser.post(resource.import_url, {"file": upload}).status_code == 302
    return _worked(Import.objects.latest("pk"))


def _worked(batch: Import) -> Import:
    running.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def _asked(browser: Client, resource: Resource, batch: Import, step: str) -> Import:
    address = reverse(f"{resource.room}:{resource.name}_import_{step}", args=[batch.pk])
    assert browser.post(address, {"rows": "good"}).status_code == 302
    batch.refresh_from_db()
    return _worked(batch)


@every_form
def test_rows_come_from_a_workbook_and_go_back(cast: Cast, sign_in, resource: Resource) -> None:
    """The template filled with two rows and one that is wrong; the same file again; a changed one; all taken back."""
    if not resource.takes_workbooks:
        return
    browser = sign_in(keeper(cast, resource))
    book = load_workbook(io.BytesIO(browser.get(f"{resource.import_url}template/").content))
    sheet, imported = book["填报"], import_of(resource).for_options({})
    heads = [str(cell.value).rstrip("*") for cell in sheet[1]]
    samples = [sample(cast, resource) for _number in range(3)]
    setattr(samples[2], next(name for name in resource.fields if is_plain_text(resource, name)), "长" * 300)
    headings = [column.heading for column in imported.columns]
    for number, row in enumerate(samples, 3):
        cells = dict(zip(headings, imported.row_of(row), strict=True))
        for at, head in enumerate(heads, 1):
            sheet.cell(number, at, cells[head])
    before = resource.model._default_manager.count()
    batch = brought(browser, resource, book)
    assert (batch.counts["new"], batch.counts["invalid"]) == (2, 1), [row.said for row in left_rows(batch)]
    done = _asked(browser, resource, batch, "confirm")
    assert done.state == "done" and resource.model._default_manager.count() == before + 2
    assert Entry.objects.filter(event=resource.saved_event).count() == 2
    again = brought(browser, resource, book)
    assert (again.counts["unchanged"], again.counts["new"]) == (2, 0)
    free = [name for name in resource.fields if is_plain_text(resource, name) and name not in resource.natural_key]
    if free:
        sheet.cell(3, heads.index(imported.by_name[free[-1]].heading) + 1, "改过的内容")
        changed = _asked(browser, resource, brought(browser, resource, book), "confirm")
        assert changed.counts["changed"] == 1
        assert _asked(browser, resource, changed, "undo").written["undone"] == 1
    assert _asked(browser, resource, done, "undo").written["undone"] == 2
    assert resource.model._default_manager.count() == before
    assert browser.get(resource.import_url).status_code == 200


@every_form
def test_the_exported_list_comes_back_unchanged(cast: Cast, sign_in, resource: Resource) -> None:
    """By an office, with rows that an enterprise entered where it may: nothing is asked and nothing changes."""
    if not resource.takes_workbooks:
        return
    user = keeper(cast, resource)
    browser = sign_in(user)
    enter(browser, cast, resource, user)
    if verdict(cast.clerk, resource.permissions.change):
        row = sample(cast, resource)
        row.place, row.kind = cast.enterprise.place, type(row)._meta.get_field("kind").choices[-1][0]
        answer = sign_in(cast.clerk).post(resource.url("create"), sent(resource, row, cast.clerk))
        assert answer.status_code == 302, [*answer.context["form"].errors.items()]
    book = load_workbook(io.BytesIO(browser.get(resource.url("export")).content))
    batch = brought(browser, resource, book)
    rows = len(list(book.active.iter_rows())) - 1
    told = [left.said for left in left_rows(batch)]
    assert (batch.state, batch.counts.get("unchanged"), batch.counts.get("invalid")) == ("checked", rows, 0), told
    assert rows >= 1


def book_of(resource: Resource, *rows: models.Model) -> Workbook:
    """A sheet with these rows, as an export writes them."""
    imported, book = import_of(resource).for_options({}), Workbook()
    book.active.append([column.heading for column in imported.columns])
    for row in rows:
        book.active.append(imported.row_of(row))
    return book


def test_what_got_members_since_is_not_taken_back(cast: Cast, sign_in) -> None:
    """Deleting it would delete them along, and nobody would be told."""
    resource = resource_by_key("enterprises.clusters")
    browser, model = sign_in(keeper(cast, resource)), resource.model
    book = book_of(resource, *(sample(cast, resource) for _number in range(2)))
    done = _asked(browser, resource, brought(browser, resource, book), "confirm")
    cluster = model._default_manager.order_by("pk").last()
    cluster.members.create(enterprise=cast.enterprise)
    back = _asked(browser, resource, done, "undo")
    assert (back.written["undone"], back.written["kept"]) == (1, 1)
    assert list(model._default_manager.all()) == [cluster] and cluster.members.count() == 1
    [left] = left_rows(back)
    assert "已登记了“园区和产业链成员”" in left.said["problems"][0]["reason"]


def test_nought_is_a_number_like_any_other(cast: Cast, sign_in) -> None:
    """A row that has it may be changed by a sheet that does not say it."""
    resource = resource_by_key("ideology.categories")
    browser = sign_in(keeper(cast, resource))
    row = enter(browser, cast, resource, keeper(cast, resource))
    type(row)._default_manager.filter(pk=row.pk).update(order=0)
    book = Workbook()
    for line in (["编码", "名称", "可以选用"], [row.code, "另一个名称", "是"]):
        book.active.append(line)
    batch = brought(browser, resource, book)
    assert batch.counts["changed"] == 1, [left.said for left in left_rows(batch)]
    assert "次序" not in str([row.said["changes"] for row in batch.rows.all()])


def test_the_start_refuses_what_cannot_work() -> None:
    """One declaration with every mistake; and nothing is wrong with those there are."""
    known = resource_by_key("enterprises.organisations")

    class Wrong(Resource):
        model, name = known.model, "wrong"
        columns, search, natural_key = ("name", "colour"), ("nickname",), ("name",)
        sort = ("contact",)
        permissions = Permissions(view="enterprises.view_nothing", change="enterprises.keep_organisations")
        pages = ("list", "shelf")
        icon = "abacus"

    said = " ".join(f"{problem.id} {problem.msg}" for problem in problems_of(Wrong()))
    for part in ("'colour'", "'nickname'", "view_nothing", "E004", "'contact'", "'shelf'", "'abacus'"):
        assert part in said, said
    assert [problem for resource in REGISTERS for problem in problems_of(resource)] == []


def entered_next_door(cast: Cast, sign_in, resource: Resource, place: str) -> models.Model:
    """A row of another city's zone, entered by its office; ``place``: the field that says whose it is."""
    theirs = sample(cast, resource)
    setattr(theirs, place, cast.places["320571"])
    made = sign_in(cast.neighbour_county).post(resource.url("create"), sent(resource, theirs, cast.neighbour_county))
    assert made.status_code == 302, [*made.context["form"].errors.items()]
    return resource.model._default_manager.get()


def test_another_office_s_row_may_come_back_and_own_places_are_named(cast: Cast, sign_in) -> None:
    """What a county sees of others' schools stays as it is; what it may not add is refused with its own places."""
    resource = resource_by_key("enterprises.organisations")
    theirs = entered_next_door(cast, sign_in, resource, "county")
    new = sample(cast, resource)
    new.county = cast.places["320571"]
    batch = brought(sign_in(cast.county), resource, book_of(resource, theirs, new))
    assert (batch.counts["unchanged"], batch.counts["invalid"]) == (1, 1), batch.counts
    [left] = left_rows(batch)
    assert left.said["problems"][0]["cure"] == "可填：南京市江宁区。"


def test_what_somebody_may_not_see_is_not_confirmed_to_be_there(cast: Cast, sign_in) -> None:
    """A county that guesses another county's body is told what it would be told of one that is not there."""
    resource = resource_by_key("enterprises.bodies")
    theirs = entered_next_door(cast, sign_in, resource, "place")
    absent = sample(cast, resource)
    absent.place = cast.places["320571"]
    batch = brought(sign_in(cast.county), resource, book_of(resource, theirs, absent))
    told = [row.said["problems"] for row in left_rows(batch)]
    assert batch.counts["unchanged"] == 0 and len(told) == 2
    assert [problem["reason"] for problem in told[0]] == [problem["reason"] for problem in told[1]]


@pytest.mark.parametrize("key", ["enterprises.fostered_enterprises", "enterprises.bases"])
def test_an_enterprise_of_another_area_is_told_as_one_that_is_not_there(cast: Cast, sign_in, key: str) -> None:
    resource = resource_by_key(key)
    rows = [sample(cast, resource) for _number in range(2)]
    for row in rows:
        row.enterprise = cast.enterprise
    book = book_of(resource, *rows)
    heads = [cell.value for cell in book.active[1]]
    column = heads.index(import_of(resource).for_options({}).by_name["enterprise"].heading) + 1
    for number, code in enumerate((cast.neighbour_enterprise.credit_code, "91320115MA1XXXXX0X"), 2):
        book.active.cell(number, column, code)
    batch = brought(sign_in(cast.county), resource, book)
    told = [row.said["problems"] for row in left_rows(batch)]
    assert len(told) == 2 and told[0][0]["reason"] == told[1][0]["reason"], told
    assert "没有找到这家企业，或它不在您的管辖范围内" in str(told[0])
