"""Pages by key: each row once, in both directions, whatever the order and whoever writes meanwhile."""

import base64
import datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.models import KNOWN_HEADCOUNT, Enterprise
from foundation.accounts.models import User
from foundation.places.models import Place
from foundation.ui.paging import COUNTED, FIRST, Address, Order, Page, page_of, parse_address
from foundation.ui.tables import PortalTable, paginate
from indicators.models import PlaceTotal
from records.core.models import HANDED_IN, REPORTED_ATTENDANCES
from records.core.views.listing import RecordTable
from records.models import Record
from tests.contracts.test_lists import more_enterprises
from tests.contracts.world import filed

pytestmark = pytest.mark.django_db

NOW = timezone.now()
#: Orders as lists have them: plain, downwards, through a relation, of columns that may be empty, in two directions.
ORDERS = [
    ("pk",),
    ("-pk",),
    ("username",),
    ("-full_name",),
    ("full_name", "username"),
    ("last_login",),
    ("-last_login",),
    (F("last_login").desc(nulls_last=True), "-pk"),
    (F("last_login").asc(nulls_first=True), "pk"),
    ("-is_active", "full_name", "pk"),
    ("is_active", "-last_login"),
    (),
]


@pytest.fixture
def people(db) -> list[User]:
    """Forty, many of equal name and moment, a third of them never signed in."""
    return User.objects.bulk_create(
        User(
            username=f"u{number:03}",
            full_name=("王", "李", "张三")[number % 3],
            is_active=number % 4 > 0,
            last_login=None if number % 3 == 0 else NOW - datetime.timedelta(days=number % 5, microseconds=number % 2),
        )
        for number in range(40)
    )


def address_of(text: str) -> Address:
    return parse_address(text) if text else FIRST


def forwards(rows, per_page: int = 7) -> list[Page]:
    pages = [page_of(rows, FIRST, per_page, is_counted=False)]
    while pages[-1].has_next():
        pages.append(page_of(rows, address_of(pages[-1].after), per_page, is_counted=False))
        assert len(pages) < 100, "pages without end"
    return pages


def backwards(rows, last: Page, per_page: int = 7) -> list[Page]:
    pages = [last]
    while pages[-1].has_previous():
        pages.append(page_of(rows, address_of(pages[-1].before), per_page, is_counted=False))
        assert len(pages) < 100, "pages without end"
    return pages[::-1]


def keys(pages: list[Page]) -> list[int]:
    return [row.pk for page in pages for row in page.object_list]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_each_row_once_in_both_directions(people, order):
    rows = User.objects.order_by(*order) if order else User.objects.all()
    pages = forwards(rows)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert sorted(keys(pages)) == sorted(rows.values_list("pk", flat=True))
    whole = list(Order(rows).rows)
    assert keys(pages) == [row.pk for row in whole], "the order of the pages is the order of the list"
    back = backwards(rows, pages[-1])
    assert keys(back) == keys(pages) and [page.number for page in back] == [page.number for page in pages]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.sampled_from(ORDERS[:-1]),
    per_page=st.integers(1, 15),
    start=st.integers(0, 39),
    values=st.lists(st.tuples(st.sampled_from("王李张"), st.one_of(st.none(), st.integers(0, 4))), max_size=12),
)
def test_rows_of_any_values_from_any_row(people, order, per_page, start, values):
    User.objects.filter(username__startswith="more").delete()
    User.objects.bulk_create(
        User(username=f"more{n}", full_name=name, last_login=None if d is None else NOW - datetime.timedelta(days=d))
        for n, (name, d) in enumerate(values)
    )
    found = Order(User.objects.order_by(*order))
    whole = [row.pk for row in found.rows]
    row = found.rows[start]
    key = found.key_of(row)
    assert [r.pk for r in found.after(key)] == whole[start + 1 :]
    assert [r.pk for r in found.before(key)] == whole[:start][::-1]
    again = parse_address(str(Address(3, "a", key)))
    assert (again.number, again.side) == (3, "a") and found.read(again.key) == key
    assert sum(len(page.object_list) for page in forwards(found.rows, per_page)) == len(whole)


def test_rows_that_come_and_go_meanwhile_shift_nothing(people):
    rows = User.objects.order_by("full_name", "username")
    whole = list(rows.values_list("pk", flat=True))
    first = page_of(rows, FIRST, 10, is_counted=False)
    User.objects.bulk_create(User(username=f"a{n}", full_name="A") for n in range(4))
    User.objects.filter(pk__in=whole[2:5]).delete()
    second = page_of(rows, parse_address(first.after), 10, is_counted=False)
    assert keys([second]) == whole[10:20]
    User.objects.create(username="b", full_name=second.object_list[0].full_name)
    before = page_of(rows, parse_address(second.before), 10, is_counted=False)
    assert set(keys([before])) & set(whole) == set(whole[:10]) - set(whole[2:5])
    assert before.has_next() and keys([page_of(rows, parse_address(before.after), 10, is_counted=False)])


def test_when_nothing_is_left_before_the_first_page_is_shown(people):
    rows = User.objects.order_by("pk")
    second = page_of(rows, parse_address(page_of(rows, FIRST, 10, is_counted=False).after), 10, is_counted=False)
    User.objects.filter(pk__lt=second.object_list[0].pk).delete()
    found = page_of(rows, parse_address(second.before), 10, is_counted=False)
    assert found.number == 1 and not found.has_previous() and len(found.object_list) == 10
    User.objects.all().delete()
    empty = page_of(rows, parse_address(second.after), 10, is_counted=True)
    assert (empty.number, list(empty.object_list), empty.total, empty.pages) == (1, [], 0, 1)


def _named(text: str) -> str:
    """An address whose key is written as it stands."""
    return "2a" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("pk", "[Infinity]"),
        ("pk", "[-Infinity]"),
        ("pk", "[NaN]"),
        ("pk", "[1e400]"),
        ("username", '["\\ud800", 1]'),
        ("username", "[1e400, 1]"),
        ("last_login", '["0001-01-01T00:00:00+23:59", 1]'),
        ("last_login", '["9999-12-31T23:59:59-23:59", 1]'),
        ("value", "[Infinity, 1]"),
        ("value", "[1e400, 1]"),
        ("value", '["1E+4000", 1]'),
        ("value", '["Infinity", 1]'),
        ("value", '["sNaN", 1]'),
        ("value", '["1.00", 1e400]'),
    ],
)
def test_a_key_no_row_can_have_shows_the_first_page(people, order, key):
    province = Place.objects.create(level="province", code="32", name="江苏省")
    PlaceTotal.objects.create(place=province, quarter="2026Q3", fact="x", value=1, reporting=1)
    rows = (PlaceTotal if order == "value" else User).objects.order_by(order, "pk")
    first = page_of(rows, FIRST, 10, is_counted=False)
    found = page_of(rows, parse_address(_named(key)), 10, is_counted=False)
    assert keys([found]) == keys([first]) and found.number == 1 and not found.has_previous()


def test_never_handed_in_stands_below_everything_handed_in(cast):
    """The same on both databases, and in one stretch of the index: no comparison with empty values."""
    drafts = [filed(cast.clerk, cast.enterprise).pk for _ in range(2)]
    sent = [
        filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), title=f"第{n}场", speaker=f"讲师{n}").pk
        for n in range(2)
    ]
    for sort, expected in (("submitted_at", drafts + sent), ("-submitted_at", sent[::-1] + drafts[::-1])):
        table = paginate(page(f"?sort={sort}"), RecordTable(Record.objects.all()))
        assert [row.record.pk for row in table.page.object_list] == expected
        order = Order(table.data.data)
        assert {term.nulls_last for term in order.terms} == {None}
        following = str(order.after(order.key_of(order.rows[1])).query)
        assert " OR " not in following and "IS NULL" not in following
    pages = forwards(Record.objects.order_by(HANDED_IN.asc(), "pk"), 1)
    assert keys(pages) == drafts + sent == keys(backwards(Record.objects.order_by(HANDED_IN.asc(), "pk"), pages[-1], 1))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's planner")
def test_the_hand_in_is_sorted_by_an_index_of_its_own(cast):
    filed(cast.clerk, cast.enterprise)
    place = cast.places["32"].pk
    order = Order(Record.objects.filter(province=place).order_by(HANDED_IN.desc(), "-pk"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = order.after(order.key_of(order.rows[0]))[:25].explain()
    assert "record_handed_in_province" in plan and "ROW(COALESCE" in plan and "Sort" not in plan


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "x",
        "-3",
        "1a",
        "2a!!",
        "3b%%%",
        "²",
        "2c1",
        "2aW10",
        "2aWzFd",
        "2aW251bGxd",
        "2aWyJhIiwiYiIsImMiXQ",
        "9" * 12,
    ]
    + [
        str(Address(2, "a", key))
        for key in ((10**30,), (True, []), ({},), ("\x00",), (None,), ("2026-13-45", 1), (1, 2, 3))
    ]
    + [f"2a{'W' * 2500}", "99999999"],
)
@pytest.mark.parametrize("order", [("pk",), ("-last_login", "pk"), ("full_name", "pk"), ("is_active", "pk")], ids=str)
def test_an_address_nobody_gave_out_shows_the_first_page(people, text, order):
    found = page_of(User.objects.order_by(*order), parse_address(text), 10, is_counted=False)
    assert len(found.object_list) == 10
    assert text == "2aWzFd" or not found.has_previous() or text.startswith("2a")


def test_short_lists_are_counted_and_entered_anywhere(people, django_assert_num_queries):
    rows = User.objects.order_by("username")
    with django_assert_num_queries(2):
        third = page_of(rows, Address(3), 10, is_counted=True)
    assert [row.username for row in third.object_list][:2] == ["u020", "u021"]
    assert (third.total, third.pages, third.has_previous(), third.has_next()) == (40, 4, True, True)
    with django_assert_num_queries(1):
        assert page_of(rows, Address(3), 10, is_counted=False).total is None
    with django_assert_num_queries(1):
        assert page_of(rows, FIRST, 50, is_counted=True).total == 40, "one page is counted by looking at it"
    assert page_of(rows, Address(COUNTED // 10 + 2), 10, is_counted=True).number == 1, "far pages only by key"


def test_what_is_no_column_is_left_to_numbers(people):
    for rows in (
        User.objects.order_by("?"),
        User.objects.values("pk"),
        User.objects.all()[:5],
        User.objects.annotate(x=F("pk")).order_by("x"),
        User.objects.order_by(F("pk") + 1),
    ):
        with pytest.raises(ValueError, match=r"no column|no table"):
            Order(rows)


def test_through_relations_and_of_children(cast):
    for number in range(6):
        more_enterprises(cast, number)
        filed(cast.clerk, cast.enterprise, attendances=number % 3 or None)
    for order in (
        ("county__code",),
        ("-county__city__name", "name"),
        ("-is_active", "name", "pk"),
        (KNOWN_HEADCOUNT.desc(), "-pk"),
        (KNOWN_HEADCOUNT.asc(), "pk"),
    ):
        rows = Enterprise.objects.select_related("county__city").order_by(*order)
        pages = forwards(rows, 3)
        assert keys(pages) == [row.pk for row in Order(rows).rows] == keys(backwards(rows, pages[-1], 3)), order
        assert len(set(keys(pages))) == Enterprise.objects.count()
    for order in (
        ("lecture__speaker",),
        ("-lecture__frontline_attendances",),
        ("enterprise__name", "-pk"),
        (REPORTED_ATTENDANCES.desc(), "-pk"),
    ):
        rows = Record.objects.select_related("enterprise", "lecture").order_by(*order)
        pages = forwards(rows, 2)
        assert len(keys(pages)) == len(set(keys(pages))) == 6, order
        assert keys(backwards(rows, pages[-1], 2)) == keys(pages), order


class PeopleTable(PortalTable):
    class Meta:
        model = User
        fields = ("username", "full_name", "last_login")


class ManyPeopleTable(PeopleTable):
    sorts = ("username",)


def page(query: str = ""):
    return RequestFactory().get(f"/list/{query}")


def test_a_table_keeps_filters_and_order_in_the_address(people):
    request = page("?status=draft&sort=-full_name")
    table = paginate(request, PeopleTable(User.objects.all()))
    html = table.as_html(request)
    assert "?status=draft&amp;sort=-full_name&amp;page=2a" in html and html.count("<tr") == 26
    assert "第 1 页，共 2 页 40 条" in html and 'rel="prev"' not in html
    second = page(f"?status=draft&sort=-full_name&page={table.page.after}")
    shown = paginate(second, PeopleTable(User.objects.all()))
    names = [row.record.pk for row in (*table.page.object_list, *shown.page.object_list)]
    assert names == list(User.objects.order_by("-full_name", "-pk").values_list("pk", flat=True))
    html = shown.as_html(second)
    assert "第 2 页" in html and "&amp;page=1b" in html and html.count("<tr") == 16


def test_a_way_to_any_page_of_a_short_list(people):
    User.objects.bulk_create(User(username=f"x{n}", full_name="甲") for n in range(30))
    request = page("?q=甲&q=乙&page=3")
    html = paginate(request, PeopleTable(User.objects.all())).as_html(request)
    assert "pager-jump" in html and 'name="page" min="1" max="3" value="3"' in html
    assert html.count('type="hidden" name="q"') == 2
    long = paginate(page(), ManyPeopleTable(User.objects.all())).as_html(page())
    assert "pager-jump" not in long and "共" not in long


def test_only_indexed_columns_of_a_long_list_offer_a_sort(people):
    request = page("?sort=-last_login")
    table = paginate(request, ManyPeopleTable(User.objects.order_by("pk")))
    html = table.as_html(request)
    assert "sort=username" in html and "sort=full_name" not in html and "sort=last_login" not in html
    assert [row.record.pk for row in table.page.object_list] == [row.pk for row in people[:25]], (
        "it is not sorted either"
    )
    small = paginate(request, ManyPeopleTable(User.objects.order_by("pk"), is_small=True)).as_html(request)
    assert "sort=full_name" in small and "sort=last_login" in small
