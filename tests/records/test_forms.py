"""Forms that know what the portal knows, ask only what applies, and question what looks unusual."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from enterprises.models.enterprise import Ownership
from foundation.audit.models import Entry
from foundation.calendar.periods import Quarter
from foundation.refusals import NeedsConfirmation
from ideology.models import Lecture, PartyDevelopment
from indicators.loading import load_indicators
from policies.loading import load_policies
from records.core.actions import act, file_record
from records.core.forms import RecordForm
from records.core.kinds import all_kinds, kind_by_slug
from records.core.warnings import warnings_for
from records.models import Record, RecordStep, Status
from services.models import Leadership
from tests.confirming import confirm
from tests.contracts.world import filed, values_for
from tests.records import test_story as story

pytestmark = pytest.mark.django_db

NEW = reverse("records:create", args=["ideology.lecture"])
#: The same lecture whenever nothing else is said: what looks alike is the subject here.
SAME = {"title": "劳模讲述岗位故事", "speaker": "王师傅"}
COMMON = [kind for kind in all_kinds() if kind.is_common]


def lecture_values(**changes) -> dict[str, str]:
    return story.lecture_values(**{**SAME, **changes})


def file_lecture(browser, **changes) -> Record:
    return story.file_lecture(browser, **{**SAME, **changes})


def confirmed(response, reason: str = "上、下午各办一场。") -> dict:
    return {"confirmed": [warning.key for warning in response.context["warnings"]], "confirm_reason": reason}


# --- quick entry ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", COMMON, ids=lambda kind: kind.slug)
def test_a_common_kind_is_quick_to_enter(cast, sign_in, kind):
    """At most seven things to fill in, on one page; everything else is one tap away."""
    assert len(kind.required) <= 7
    page = sign_in(cast.clerk).get(reverse("records:create", args=[kind.slug]), {"quick": ""})
    short = {bound.name for bound in page.context["short"]}
    assert set(kind.required) | ({"period"} if kind.is_return else set()) == short
    rest = {bound.name for _title, _help, fields in page.context["rest"] for bound in fields}
    assert short | rest == set(page.context["form"].fields) - {"form_token", "version"}


def test_the_workbench_leads_to_quick_entry(cast, sign_in):
    assert f'href="{NEW}?quick"' in sign_in(cast.clerk).get("/").content.decode()


def test_an_error_in_the_rest_opens_it(cast, sign_in):
    page = sign_in(cast.clerk).post(f"{NEW}?quick", lecture_values(frontline_attendances="很多"))
    assert page.status_code == 200 and page.context["rest_open"]
    assert '<details class="form-more" open>' in page.content.decode()


@pytest.mark.parametrize("kind", COMMON, ids=lambda kind: kind.slug)
def test_an_empty_rest_is_folded(cast, sign_in, kind):
    page = sign_in(cast.clerk).get(reverse("records:create", args=[kind.slug]), {"quick": ""})
    assert not page.context["rest_open"]


def test_what_is_filled_in_by_itself_is_not_folded_away(cast, sign_in):
    """The venue of the last lecture is in the form of the next: who does not see it hands in what they never said."""
    clerk = sign_in(cast.clerk)
    file_lecture(clerk, venue="一号车间")
    page = clerk.get(f"{NEW}?quick")
    assert page.context["form"].initial["venue"] == "一号车间" and page.context["rest_open"]


def test_what_is_asked_about_is_not_folded_away(cast, sign_in):
    address = reverse("records:create", args=["skills.trainingclass"]) + "?quick"
    values = {
        "form_token": str(uuid.uuid4()),
        "title": "电工中级工培训班",
        "happened_on": timezone.localdate().isoformat(),
        "programme": "level",
        "number_of_people": "30",
        "hours_each": "24",
        "institution": "没有登记的学校",
        "do": "submit",
    }
    page = sign_in(cast.clerk).post(address, values)
    assert [warning.field for warning in page.context["warnings"]] == ["institution"]
    assert page.context["rest_open"]


def test_a_pasted_number_may_carry_its_unit(cast, sign_in):
    page = sign_in(cast.clerk).get(NEW).content.decode()
    assert re.search(r'name="number_of_people"[^>]* data-pasted-unit="人"', page)
    assert re.search(r'name="attendances"[^>]* data-pasted-unit="人次"', page)


# --- what the portal knows --------------------------------------------------------------------------


def test_what_is_known_is_said_and_the_clause_is_at_hand(cast, sign_in, settings):
    load_indicators()
    load_policies(settings.BASE_DIR / "data" / "policy")
    page = sign_in(cast.clerk).get(NEW).content.decode()
    assert cast.enterprise.name in page and cast.enterprise.county.name in page
    assert "企业名录中的职工人数为 200 人。" in page
    assert f'max="{timezone.localdate().isoformat()}"' in page
    assert "填报依据" in page and "/policies/2022/#2022-m1-c3" in page


def test_as_last_time(cast, sign_in):
    clerk = sign_in(cast.clerk)
    assert "照上一条填" not in clerk.get(NEW).content.decode()
    first = file_lecture(clerk, venue="一号车间", summary="讲了安全")
    offered = clerk.get(NEW)
    assert offered.context["last"].pk == first.pk and f"copy={first.pk}" in offered.content.decode()
    page = clerk.get(NEW, {"copy": first.pk})
    initial = page.context["form"].initial
    assert (initial["title"], initial["speaker"], initial["venue"]) == ("劳模讲述岗位故事", "王师傅", "一号车间")
    assert initial["happened_on"] == timezone.localdate()
    assert not {"number_of_people", "attendances", "frontline_attendances"} & set(initial)
    assert "upload-item" not in page.content.decode(), "evidence is never taken over"
    assert initial["form_token"] != first.form_token
    assert page.context["autosave_key"].endswith(f"-as-{first.pk}")


def test_a_new_event_starts_with_today_and_what_usually_stays(cast, sign_in):
    clerk = sign_in(cast.clerk)
    assert clerk.get(NEW).context["form"].initial["happened_on"] == timezone.localdate()
    first = file_lecture(clerk, venue="一号车间", summary="讲了安全")
    file_lecture(clerk, title="焊接技艺", venue="二号车间", speaker="李工")
    page = clerk.get(NEW)
    initial = page.context["form"].initial
    assert (initial["form"], initial["venue"], initial["speaker"]) == ("on_site", "二号车间", "李工")
    assert "summary" not in initial and "title" not in initial
    shown = page.content.decode()
    assert (
        '<datalist id="used-venue"><option value="二号车间"></option><option value="一号车间"></option></datalist>'
        in shown
    )
    assert 'list="used-venue"' in shown and 'data-follows="number_of_people"' in shown
    clerk.post(reverse("records:act", args=[Record.objects.latest("pk").pk, "withdraw"]), {"version": 2})
    assert clerk.get(NEW).context["last"].pk == first.pk, "what was taken back is no example"
    assert "一号车间" not in sign_in(cast.second_clerk).get(NEW).content.decode()


def test_the_introduction_speaks_only_of_what_the_form_asks(cast, sign_in):
    clerk = sign_in(cast.clerk)
    for address in (reverse("records:create", args=["ideology.partydevelopment"]), "/"):
        assert "空白班组" not in clerk.get(address).content.decode(), "asked of state-owned enterprises only"


def test_a_page_of_a_record_lists_only_what_was_asked(cast, sign_in):
    """Neither what its enterprise is not asked, nor what another answer hid; what stands there all the same is shown."""
    values = {"new_members": 1, "new_frontline_members": 1, "total_members": 12}
    record = filed(
        cast.clerk, cast.enterprise, slug="ideology.partydevelopment", period=Quarter.current().code, **values
    )
    pages = [reverse(f"records:{name}", args=[record.pk]) for name in ("detail", "print")]
    clerk = sign_in(cast.clerk)
    for address in pages:
        page = clerk.get(address).content.decode()
        assert "党员总数" in page and "空白班组" not in page
    type(cast.enterprise).objects.filter(pk=cast.enterprise.pk).update(ownership=Ownership.STATE)
    assert "空白班组" in clerk.get(pages[0]).content.decode()
    type(cast.enterprise).objects.filter(pk=cast.enterprise.pk).update(ownership=Ownership.PRIVATE)
    PartyDevelopment.objects.filter(pk=record.pk).update(teams_without_members=2)
    assert "空白班组" in clerk.get(pages[0]).content.decode()
    leadership = filed(
        cast.clerk, cast.enterprise, slug="services.leadership", has_plan=False, reviewed_by_congress=False
    )
    page = clerk.get(reverse("records:detail", args=[leadership.pk])).content.decode()
    assert str(Leadership._meta.get_field("plan_issued_on").verbose_name) not in page, "hidden by another answer"


def test_a_filed_period_opens_its_return_and_the_next_one_is_offered(cast, sign_in):
    clerk, slug = sign_in(cast.clerk), "ideology.partydevelopment"
    address = reverse("records:create", args=[slug])
    offered = [value for value, _label in clerk.get(address).context["form"].fields["period"].choices]
    assert len(offered) == 2
    first = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=slug, period=offered[0], total_members=87)
    page = clerk.get(address)
    assert page.context["form"].initial["period"] == offered[1]
    assert f"{Quarter.parse(offered[0]).label}：87" in page.content.decode()
    there = clerk.get(address, {"period": offered[0]}, follow=True)
    assert there.redirect_chain[-1][0] == reverse("records:detail", args=[first.pk])
    assert "已经填过，这里就是已有的那一份" in there.content.decode()
    second = filed(cast.clerk, cast.enterprise, slug=slug, period=offered[1])
    assert clerk.get(address).url == reverse("records:edit", args=[second.pk])


def test_what_the_browser_keeps_belongs_to_the_period_asked_for(cast, sign_in):
    clerk, address = sign_in(cast.clerk), reverse("records:create", args=["ideology.partydevelopment"])
    offered = [value for value, _label in clerk.get(address).context["form"].fields["period"].choices]
    pages = {period: clerk.get(address, {"period": period}) for period in offered}
    keys = [page.context["autosave_key"] for page in pages.values()]
    keys.append(clerk.get(address).context["autosave_key"])
    assert len(set(keys)) == len(offered) + 1
    for period, page in pages.items():
        shown = page.content.decode()
        assert page.context["form"].initial["period"] == period
        assert re.search(r'<select name="period"[^>]* data-autosave-skip', shown), "the address says which period it is"
    assert "data-autosave-skip" not in clerk.get(address).content.decode()
    # Saved, what was kept for this period is dropped.
    values = {"new_members": "0", "new_frontline_members": "0", "total_members": "9", "do": "draft"}
    saved = clerk.post(f"{address}?period={offered[0]}", values | {"period": offered[0]}, follow=True)
    assert f'data-autosave-clear="{keys[0]}"' in saved.content.decode()


def test_a_second_return_is_refused_before_any_question_with_the_way_to_the_first(cast, sign_in):
    clerk, slug = sign_in(cast.clerk), "ideology.partydevelopment"
    address = reverse("records:create", args=[slug])
    offered = [value for value, _label in clerk.get(address).context["form"].fields["period"].choices]
    first = filed(cast.clerk, cast.enterprise, (cast.clerk, "submit"), slug=slug, period=offered[0])
    values = {"new_members": "900", "new_frontline_members": "0", "total_members": "9000", "do": "submit"}
    asked = clerk.post(address, values | {"period": offered[1]})
    assert asked.context["warnings"], "the numbers are unusual"
    refused = clerk.post(address, values | {"period": offered[0]})
    page = refused.content.decode()
    assert not refused.context.get("warnings") and "已经填过一份" in page
    assert f'已有的那一份：<a href="{reverse("records:detail", args=[first.pk])}">{first.title}</a>' in page
    second = filed(cast.clerk, cast.enterprise, slug=slug, period=offered[1])
    moved = clerk.post(
        reverse("records:edit", args=[second.pk]), values | {"period": offered[0], "version": second.version}
    )
    assert not moved.context.get("warnings") and f'href="{reverse("records:detail", args=[first.pk])}"' in (
        moved.content.decode()
    )


def test_as_last_time_only_from_ones_own(cast, sign_in):
    record = file_lecture(sign_in(cast.clerk))
    assert sign_in(cast.neighbour).get(NEW, {"copy": record.pk}).status_code == 404
    assert sign_in(cast.second_clerk).get(NEW, {"copy": record.pk}).status_code == 404
    assert sign_in(cast.clerk).get(NEW, {"copy": "x"}).status_code == 404
    other = reverse("records:create", args=["ideology.partydevelopment"])
    assert sign_in(cast.clerk).get(other, {"copy": record.pk}).status_code == 404


# --- fields that depend on others -------------------------------------------------------------------


LAST_YEAR = Quarter.current().year - 1


def leadership(**changes) -> dict[str, str]:
    values = {
        "has_leading_body": "true",
        "led_by_principal": "true",
        "leader_post": "总经理",
        "has_plan": "true",
        "plan_issued_on": f"{LAST_YEAR}-03-01",
        "reviewed_by_congress": "true",
        "congress_on": f"{LAST_YEAR}-02-01",
        "special_meetings": "2",
        "period": str(LAST_YEAR),
        "do": "draft",
    }
    return {**values, **changes}


def test_hidden_fields_are_asked_and_kept_only_while_they_apply(cast, sign_in):
    clerk, address = sign_in(cast.clerk), reverse("records:create", args=["services.leadership"])
    assert 'data-show-when="has_plan=true"' in clerk.get(address).content.decode()
    hidden = {"has_plan": "false", "plan_issued_on": "不是日期", "reviewed_by_congress": "false"}
    answer = clerk.post(address, leadership(**hidden))
    assert answer.status_code == 302, answer.context["form"].errors
    made = Leadership.objects.get()
    assert (made.has_plan, made.plan_issued_on, made.congress_on, made.leader_post) == (False, None, None, "总经理")
    shown = clerk.post(address, leadership(plan_issued_on="不是日期"))
    assert "plan_issued_on" in shown.context["form"].errors


def test_whoever_writes_past_the_form_meets_the_same_rule(cast):
    kind = kind_by_slug("services.leadership")
    values = values_for(kind.slug, cast.enterprise, has_plan=False, reviewed_by_congress=False)
    values["plan_issued_on"] = datetime.date(2026, 3, 1)
    record = file_record(acting_user=cast.clerk, kind=kind, filer=cast.enterprise, values=values)
    assert record.plan_issued_on is None


def test_a_required_field_is_required_only_while_it_is_shown(cast, monkeypatch):
    kind = kind_by_slug("ideology.lecture")
    monkeypatch.setattr(type(kind), "shown_when", {"speaker": ("form", ("on_site",))})

    def form(**changes) -> RecordForm:
        return RecordForm(lecture_values(speaker="", **changes), kind=kind, filer=cast.enterprise, submitting=True)

    assert "speaker" in form().errors
    online = form(form="online")
    assert online.is_valid(), online.errors
    assert online.values()["speaker"] == ""


# --- what looks unusual -----------------------------------------------------------------------------


def test_a_likely_duplicate_is_shown_and_can_be_confirmed(cast, sign_in):
    clerk, county = sign_in(cast.clerk), sign_in(cast.county)
    first = file_lecture(clerk)
    again = lecture_values(
        title="劳模讲述岗位故事。", speaker="另一位", form_token="7e0f7a52-29a6-4c5e-9a57-0e35b1a4a001"
    )
    asked = clerk.post(NEW, again)
    page = asked.content.decode()
    assert asked.status_code == 200 and "还有相似的记录" in page
    assert reverse("records:detail", args=[first.pk]) in page and 'value="另一位"' in page
    assert Record.objects.count() == 1, "nothing was kept"
    assert clerk.post(NEW, again | confirmed(asked, "  ")).status_code == 200, "a confirmation needs a word"
    assert clerk.post(NEW, again | confirmed(asked)).status_code == 302
    second = Record.objects.latest("pk")
    assert second.status == Status.SUBMITTED
    assert RecordStep.objects.get(record=second, action="submit").reason == "上、下午各办一场。"
    assert Entry.objects.get(event="records.submit", target_id=str(second.pk)).note == "上、下午各办一场。"
    review = county.get(reverse("records:review_record", args=[second.pk])).content.decode()
    assert "上、下午各办一场。" in review and "还有相似的记录" in review


@pytest.mark.parametrize(
    ("changes", "is_twin"),
    [
        ({}, True),
        ({"title": "完全不同的一课"}, True),
        ({"title": "完全不同的一课", "speaker": "赵工"}, False),
        ({"happened_on": (timezone.localdate() - datetime.timedelta(days=1)).isoformat()}, False),
    ],
    ids=["all alike", "same speaker", "neither", "another day"],
)
def test_what_counts_as_a_likely_duplicate(cast, sign_in, changes, is_twin):
    clerk = sign_in(cast.clerk)
    file_lecture(clerk)
    assert clerk.post(NEW, lecture_values(**changes)).status_code == (200 if is_twin else 302)


def test_a_draft_is_never_questioned(cast, sign_in):
    clerk = sign_in(cast.clerk)
    file_lecture(clerk)
    assert file_lecture(clerk, do="draft").status == Status.DRAFT


def test_more_people_than_staff(cast, sign_in):
    asked = sign_in(cast.clerk).post(NEW, lecture_values(number_of_people="201", attendances="201"))
    assert [warning.field for warning in asked.context["warnings"]] == ["number_of_people"]
    assert "超过了企业名录中的职工人数（200 人）" in asked.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"attendances": "30"}, "attendances", "参加人次（30 人次）少于参加人数（40 人）"),
        ({"frontline_attendances": "61"}, "frontline_attendances", "（61 人次）超过了“参加人次”（60 人次）"),
    ],
)
def test_counts_that_do_not_fit_each_other_stand_with_a_word(cast, sign_in, changes, field, words):
    clerk = sign_in(cast.clerk)
    asked = clerk.post(NEW, lecture_values(**changes))
    assert [warning.field for warning in asked.context["warnings"]] == [field]
    page = asked.content.decode()
    assert words in page and f'value="{changes[field]}"' in page, "what was typed stays"
    assert "还没有写说明" not in page
    again = clerk.post(NEW, lecture_values(**changes, **confirmed(asked, "  "))).content.decode()
    assert "还没有写说明" in again, "without a word it would look as if nothing had been done"
    record = file_lecture(clerk, **changes, **confirmed(asked, "含劳务派遣人员。"))
    assert record.status == Status.SUBMITTED
    assert RecordStep.objects.get(record=record, action="submit").reason == "含劳务派遣人员。"
    review = sign_in(cast.county).get(reverse("records:review_record", args=[record.pk])).content.decode()
    assert words in review and "含劳务派遣人员。" in review


def test_a_return_is_asked_about_the_front_line_too(cast, sign_in):
    values = values_for(
        "ideology.partydevelopment", cast.enterprise, new_members=2, new_frontline_members=3, total_members=40
    )
    address = reverse("records:create", args=["ideology.partydevelopment"])
    asked = sign_in(cast.clerk).post(address, {**values, "do": "submit"})
    assert [warning.field for warning in asked.context["warnings"]] == ["new_frontline_members"]


def test_three_times_the_last_quarter_is_asked_once(cast, sign_in):
    clerk = sign_in(cast.clerk)
    last = Quarter.current().previous().first_day.isoformat()
    file_lecture(clerk, happened_on=last, number_of_people="20", attendances="20")
    file_lecture(clerk, title="第一讲", speaker="赵工", attendances="60")
    asked = clerk.post(NEW, lecture_values(title="机床保养", speaker="钱工", number_of_people="1", attendances="1"))
    assert [warning.field for warning in asked.context["warnings"]] == ["attendances"]
    assert "达到 61 人次，是上期（20 人次）的三倍以上" in asked.content.decode()
    file_lecture(clerk, title="机床保养", speaker="钱工", number_of_people="1", attendances="1", **confirmed(asked))
    file_lecture(clerk, title="焊接入门", speaker="孙工")


def test_a_confirmation_counts_only_for_what_was_shown(cast, sign_in):
    clerk = sign_in(cast.clerk)
    file_lecture(clerk)
    asked = clerk.post(NEW, lecture_values())
    worse = clerk.post(NEW, lecture_values(number_of_people="999", attendances="999") | confirmed(asked))
    assert {warning.field for warning in worse.context["warnings"]} == {"title", "number_of_people"}
    assert (
        clerk.post(NEW, lecture_values(number_of_people="999", attendances="999") | confirmed(worse)).status_code == 302
    )


def test_the_button_on_the_record_leads_to_the_question(cast, sign_in):
    clerk = sign_in(cast.clerk)
    file_lecture(clerk)
    draft = file_lecture(clerk, do="draft")
    answer = clerk.post(reverse("records:act", args=[draft.pk, "submit"]), {"version": 1})
    assert answer.url == reverse("records:edit", args=[draft.pk]) + "?check"
    asked = clerk.get(answer.url)
    assert "还有相似的记录" in asked.content.decode()
    done = clerk.post(reverse("records:edit", args=[draft.pk]), lecture_values(version=1) | confirmed(asked))
    assert done.status_code == 302 and Lecture.objects.get(pk=draft.pk).status == Status.SUBMITTED


def test_the_action_itself_asks(cast):
    kind = kind_by_slug("ideology.lecture")
    records = [
        file_record(
            acting_user=cast.clerk,
            kind=kind,
            filer=cast.enterprise,
            values=values_for(kind.slug, cast.enterprise, title="同一课"),
        )
        for _number in range(2)
    ]
    with pytest.raises(NeedsConfirmation) as refused:
        act(acting_user=cast.clerk, record_id=records[1].pk, action="submit", version=1)
    assert refused.value.questions[0].rows == (records[0],)
    assert not warnings_for(records[0])[0].message.startswith("“")
    confirm(act, acting_user=cast.clerk, record_id=records[1].pk, action="submit", version=1, reason="两场。")


# --- on paper ---------------------------------------------------------------------------------------


def test_the_printed_page_has_everything(cast, sign_in):
    clerk = sign_in(cast.clerk)
    record = file_lecture(clerk, venue="一号车间")
    page = clerk.get(reverse("records:print", args=[record.pk])).content.decode()
    for words in (
        record.reference,
        "一号车间",
        "王师傅",
        "未填报",
        cast.enterprise.name,
        "提交审核",
        "没有佐证材料",
        "data-print",
    ):
        assert words in page, words
    assert (
        reverse("records:print", args=[record.pk])
        in clerk.get(reverse("records:detail", args=[record.pk])).content.decode()
    )
