"""Components, formats, forms and navigation of the pages."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseRedirect
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import reverse

from foundation.ui import formats, navigation, sections
from foundation.ui.forms import YesNoUnknown, mark
from foundation.ui.middleware import HtmxLoginMiddleware
from foundation.ui.tables import NumberColumn, PortalTable, StatusColumn, paginate


def render(source: str, request: HttpRequest | None = None, **context: object) -> str:
    return Template(source).render(Context({"request": request, **context}))


def page(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/list/{query}")


# --- formats ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "未填报"),
        ("", "未填报"),
        (0, "0"),
        (1234567, "1,234,567"),
        (Decimal("1234.50"), "1,234.5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1,000"),
        (0.1, "0.1"),
        (Decimal("-1234.567"), "-1,234.57"),
    ],
)
def test_amount(value: object, shown: str) -> None:
    assert formats.amount(value) == shown


def test_formats_of_other_values() -> None:
    assert formats.wan(Decimal("1234.5")) == "1,234.50"
    assert formats.wan(None) == "未填报"
    assert formats.percent(Decimal("0.8565")) == "85.7%"
    assert formats.percent(None) == "—"
    assert formats.day(datetime.date(2026, 9, 30)) == "2026-09-30"
    # Stored in UTC, shown in local time.
    assert formats.moment(datetime.datetime(2026, 9, 30, 18, 5, tzinfo=datetime.UTC)) == "2026-10-01 02:05"
    assert formats.day(datetime.datetime(2026, 9, 30, 18, 5, tzinfo=datetime.UTC)) == "2026-10-01"
    assert formats.quarter_label("2026Q3") == "2026年第三季度"
    assert formats.file_size(3565158) == "3.4 MB"


def test_a_percentage_has_one_decimal_and_other_values_as_many_as_they_need() -> None:
    assert [formats.measured(Decimal(value), "%") for value in ("61", "75.04", "100")] == ["61.0", "75.0", "100.0"]
    assert [formats.measured(Decimal(value), "万元") for value in ("61", "5.94")] == ["61", "5.94"]
    assert formats.measured(None, "%") == "未填报"


def test_amount_refuses_text_that_is_no_number() -> None:
    with pytest.raises(ValueError, match="not a number"):
        formats.amount("many")


# --- components -------------------------------------------------------------------------------------


def test_a_missing_figure_is_not_reported_and_zero_is_zero() -> None:
    assert "未填报" in render('{% stat label="人数" value=none unit="人" %}', none=None)
    zero = render('{% stat label="人数" value=0 unit="人" %}')
    assert "未填报" not in zero and ">0<" in zero


@pytest.mark.parametrize(
    "source",
    [
        '{% stat label="x" value=1 colour="red" %}',
        '{% badge label="x" size="big" %}',
        '{% empty_state title="x" image="y" %}',
        '{% card heading="x" %}{% endcard %}',
        "{% stat value=1 %}",
    ],
)
def test_an_unknown_or_missing_argument_is_a_template_error(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_unknown_icon_and_tone_are_errors() -> None:
    with pytest.raises(LookupError, match="vendor_assets"):
        render('{% icon "no-such-icon" %}')
    with pytest.raises(ValueError, match="tone"):
        render('{% badge label="x" tone="purple" %}')


def test_blocks_escape_their_arguments_and_keep_their_content() -> None:
    html = render("{% card title=title %}<p>in</p>{% endcard %}", title="<script>")
    assert "&lt;script&gt;" in html and "<p>in</p>" in html


def test_url_with_changes_one_parameter_and_keeps_the_others() -> None:
    request = page("?q=南京&status=draft&page=3")
    assert render("{% url_with page=4 as u %}{{ u|safe }}", request) == "?q=%E5%8D%97%E4%BA%AC&status=draft&page=4"
    assert "page" not in render("{% url_with page=None %}", request)


CHART = '{% chart option=o label="标题" source=s excel=e %}TABLE{% endchart %}'


def test_a_chart_is_data_and_never_script() -> None:
    html = render(CHART, o={"name": '</script><b> "'}, s="南京市", e="/x/")
    assert "<script" not in html and "<b>" not in html
    assert 'data-chart="{&quot;name&quot;: &quot;&lt;/script&gt;&lt;b&gt; \\&quot;&quot;}"' in html


def test_a_chart_has_its_picture_its_workbook_and_its_table() -> None:
    html = render(CHART, o={}, s="南京市，数据截至 <今天>", e="/chart/?a=1&b=2")
    assert 'data-chart-save="南京市，数据截至 &lt;今天&gt;" hidden' in html
    assert 'href="/chart/?a=1&amp;b=2" data-chart-excel' in html and "TABLE" in html
    for missing in ({"s": ""}, {"e": ""}):
        with pytest.raises(ValueError, match="标题"):
            render(CHART, **{"o": {}, "s": "南京市", "e": "/x/", **missing})
    with pytest.raises(ValueError, match="content"):
        render(CHART.replace("TABLE", ""), o={}, s="南京市", e="/x/")


# --- forms ------------------------------------------------------------------------------------------


class ActivityForm(forms.Form):
    title = forms.CharField(label="题目", help_text="一句话")
    held_on = forms.DateField(label="日期", initial=datetime.date(2026, 9, 1))
    people = forms.IntegerField(label="人数", required=False, widget=forms.NumberInput(attrs={"data-unit": "人"}))
    front = forms.NullBooleanField(label="一线", required=False)
    platform = forms.CharField(label="平台", required=False, widget=forms.TextInput(attrs={"data-show-when": "kind=b"}))


def test_an_error_is_tied_to_its_field() -> None:
    form = ActivityForm({"title": ""})
    html = form["title"].as_field_group()
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html and 'id="id_title_error"' in html and 'id="id_title_helptext"' in html
    assert "form-control is-invalid" in html and '<label class="form-label" for="id_title">' in html


def test_the_summary_names_each_field_and_links_to_it() -> None:
    form = ActivityForm({"title": "", "held_on": "2026-13-01"})
    html = render("{% form_errors form %}", form=form)
    assert '<a href="#id_title">题目</a>' in html and '<a href="#id_held_on">日期</a>' in html
    assert render("{% form_errors form %}", form=ActivityForm()).strip() == ""


def test_the_summary_names_no_field_twice() -> None:
    form = ActivityForm({"title": "劳模宣讲", "held_on": "2026-09-01"})
    form.add_error("people", "“人数”（40 人）超过了到会的人数（30 人）。")
    form.add_error("held_on", "日期 2026-09-01 还没有到。")
    html = render("{% form_errors form %}", form=form)
    assert '<a href="#id_people">“人数”（40 人）超过了到会的人数（30 人）。</a>' in html
    assert '<a href="#id_held_on">日期 2026-09-01 还没有到。</a>' in html


def test_plain_widgets_become_native_controls() -> None:
    form = ActivityForm()
    assert 'type="date"' in str(form["held_on"]) and 'value="2026-09-01"' in str(form["held_on"])
    assert 'inputmode="numeric"' in str(form["people"])
    group = form["people"].as_field_group()
    assert '<span class="input-group-text">人</span>' in group and "data-unit" not in group
    assert (
        '<div class="field field-control size-long" data-field="platform" data-show-when="kind=b">'
        in form["platform"].as_field_group()
    )


@pytest.mark.parametrize(("sent", "value"), [("true", True), ("false", False), ("unknown", None), (None, None)])
def test_yes_no_unknown(sent: str | None, value: bool | None) -> None:
    form = ActivityForm({"title": "x", "held_on": "2026-09-01", **({"front": sent} if sent else {})})
    assert form.is_valid() and form.cleaned_data["front"] is value
    assert form["front"].as_field_group().count('type="radio"') == 3
    assert YesNoUnknown().format_value(value) == [{True: "true", False: "false", None: "unknown"}[value]]


@pytest.mark.parametrize("sent", ["true", "unknown", None])
def test_no_answer_is_no_choice_where_one_has_to_be_given(sent: str | None) -> None:
    form = ActivityForm({"title": "x", "held_on": "2026-09-01", **({"front": sent} if sent else {})})
    mark(form.fields["front"], needed=True)
    group = form["front"].as_field_group()
    assert group.count('type="radio"') == 2 and "未填报" not in group
    assert group.count(" checked") == (1 if sent == "true" else 0)
    assert form.is_valid() and form.cleaned_data["front"] is (True if sent == "true" else None)


def test_a_whole_form_and_djangos_own_widgets_render() -> None:
    class Everything(forms.Form):
        choice = forms.ChoiceField(choices=[("a", "甲")])
        many = forms.MultipleChoiceField(choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple)
        file = forms.FileField(required=False)
        split = forms.SplitDateTimeField(required=False)
        agree = forms.BooleanField()
        secret = forms.CharField(widget=forms.HiddenInput, initial="s")

    html = str(Everything())
    assert html.count('class="field ') == 5 and 'type="hidden" name="secret"' in html


# --- tables -----------------------------------------------------------------------------------------


class PeopleTable(PortalTable):
    people = NumberColumn(verbose_name="人数（人）")
    status = StatusColumn(verbose_name="状态")


def rows(count: int) -> list[dict]:
    return [{"people": None if number == 0 else number * 1000, "status": "draft"} for number in range(count)]


def test_a_table_writes_numbers_and_labels_its_cells() -> None:
    request = page()
    html = paginate(request, PeopleTable(rows(2))).as_html(request)
    assert "未填报" in html and ">1,000</td>" in html
    assert 'data-label="人数（人）"' in html and 'class="badge tone-quiet"' in html


def test_sorting_and_paging_keep_the_filters() -> None:
    request = page("?status=draft&sort=people&page=2")
    html = paginate(request, PeopleTable(rows(60))).as_html(request)
    assert "?status=draft&amp;sort=-people" in html and 'aria-sort="ascending"' in html
    assert "?status=draft&amp;sort=people&amp;page=3" in html and html.count("<tr") == 26


@pytest.mark.parametrize("number", ["0", "x", "-3", "999"])
def test_a_page_that_does_not_exist_shows_the_first(number: str) -> None:
    request = page(f"?page={number}&per_page=100000&sort=nothing")
    html = paginate(request, PeopleTable(rows(30))).as_html(request)
    assert html.count("<tr") == 26 and "第 1 页" in html


def test_an_empty_table_says_so() -> None:
    request = page()
    assert "没有符合条件的内容" in paginate(request, PeopleTable([])).as_html(request)
    assert "先新建一条" in paginate(request, PeopleTable([], empty_text="先新建一条")).as_html(request)


# --- frame ------------------------------------------------------------------------------------------


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register_item(sections.WORKBENCH, "登录页", "account_login", "home", 2)
    navigation.register_item(sections.SETTINGS, "退出", "account_logout", "logout", 3, badge=lambda request: 4)
    navigation.register_item(sections.SETTINGS, "重新验证", "account_reauthenticate", "lock", 4, also=("/elsewhere/",))
    navigation.register_item(
        sections.SETTINGS, "改密", "account_change_password", "key", 1, visible=lambda person: False
    )
    navigation.register_item(sections.SETTINGS, "注册", "account_signup", "user", 9, is_tab=False)


def asked_by_somebody(path: str, **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = type("Person", (AnonymousUser,), {"is_authenticated": True})()
    request.COOKIES = cookies
    return request


@pytest.mark.usefixtures("menu")
def test_the_menu_shows_what_is_visible_and_where_one_is() -> None:
    request = asked_by_somebody(reverse("account_logout") + "more/")
    first, second = navigation.doors_for(request)
    assert (first.label, first.icon, first.active) == ("登录页", "home", False), "one page: it goes by its own name"
    assert (second.label, second.badge, second.active) == ("设置", 4, True)
    assert [(entry.label, entry.active) for entry in second.entries] == [("退出", True), ("重新验证", False)]


@pytest.mark.usefixtures("menu")
def test_further_addresses_of_a_page_light_up_its_tab() -> None:
    _first, second = navigation.doors_for(asked_by_somebody("/elsewhere/2026/"))
    assert [entry.label for entry in second.entries if entry.active] == ["重新验证"]
    _first, second = navigation.doors_for(asked_by_somebody(reverse("account_signup")))
    assert second.active, "a page that is no tab is still in its section"
    assert not any(door.active for door in navigation.doors_for(asked_by_somebody("/nowhere/")))


@pytest.mark.usefixtures("menu")
def test_a_section_leads_to_the_tab_that_was_visited_last() -> None:
    assert navigation.doors_for(asked_by_somebody("/"))[1].url == reverse("account_logout")
    request = asked_by_somebody("/", tab_settings="account_reauthenticate")
    assert navigation.doors_for(request)[1].url == reverse("account_reauthenticate")
    for unknown in ("account_change_password", "nonsense", ""):
        assert navigation.doors_for(asked_by_somebody("/", tab_settings=unknown))[1].url == reverse("account_logout")


@pytest.mark.usefixtures("menu")
def test_a_menu_item_is_registered_once_a_section() -> None:
    navigation.register_item(sections.REVIEW, "别的", "account_login", "home", 9)
    with pytest.raises(ValueError, match="twice"):
        navigation.register_item(sections.WORKBENCH, "别的", "account_login", "home", 9)


def test_an_expired_login_in_a_fragment_sends_the_whole_page_to_the_login() -> None:
    login = reverse("account_login")
    middleware = HtmxLoginMiddleware(lambda request: HttpResponseRedirect(f"{login}?next=/jobs/1/progress/"))
    request = RequestFactory().get(
        "/jobs/1/progress/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/1/?a=b"}
    )
    answer = middleware(request)
    assert answer.status_code == 204 and answer["HX-Redirect"] == f"{login}?next=%2Fjobs%2F1%2F%3Fa%3Db"
    assert middleware(RequestFactory().get("/jobs/1/")).status_code == 302


def test_the_star_of_what_must_be_filled_is_never_alone() -> None:
    """One template draws it, with the word beside it for who does not see it; nobody writes a star of their own."""
    templates = [path for path in settings.BASE_DIR.glob("*/**/*.html") if ".venv" not in path.parts]
    own = [path for path in templates if "required-mark" in path.read_text(encoding="utf-8")]
    assert [path.name for path in own] == ["required_mark.html"]
    assert "visually-hidden" in own[0].read_text(encoding="utf-8")
    assert "（必填）" in render("{% include 'ui/required_mark.html' %}")


@pytest.mark.parametrize(
    ("value", "before", "written"),
    [
        (608, 588, "+20（+3.4%）"),
        (37, 41, "-4（-9.8%）"),
        (12, 9, "+3"),
        (0, 10, "-10（-100.0%）"),
        (2400, 1000, "+1,400（+140.0%）"),
        ("1.50", "1.50", "持平"),
        (5, None, "—"),
    ],
)
def test_a_change_is_written_one_way(value, before, written):
    """With per cent of at least ten, one decimal; what did not change says so, what is unknown is a dash."""
    assert formats.change(value, before) == written


@pytest.mark.parametrize(
    ("enterprises", "written"), [(1, "+40"), (4, "+40"), (5, "+40（+200.0%）"), (None, "+40（+200.0%）")]
)
def test_over_a_few_enterprises_no_share_is_told(enterprises, written):
    """None: over all there are, or of one enterprise by itself."""
    assert formats.change(60, 20, enterprises) == written
    assert bool(formats.growth(60, 20, enterprises)) == ("%" in written)
