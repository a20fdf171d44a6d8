"""How an action says no, and how pages, the API and jobs show it: each kind of refusal the same way everywhere."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from api.problems import refusal_problem
from enterprises.models import Enterprise
from foundation.access.rules import AccessDenied
from foundation.jobs.handlers import Handler
from foundation.jobs.models import Job, Status
from foundation.jobs.running import _execute
from foundation.refusals import NeedsConfirmation, Question, Refused, Stale, require_confirmed, says_something
from foundation.ui.middleware import RefusalMiddleware
from foundation.ui.problems import problems_in, problems_told

PEOPLE = Question("people", "number_of_people", "参加人数（500）超过了职工人数（200）。")
TWICE = Question("duplicate", "title", "已经有相似的记录。")


def test_a_question_is_answered_by_its_key_and_a_reason():
    assert require_confirmed([], (), "没有问过") == ""
    assert require_confirmed([PEOPLE, TWICE], [PEOPLE.key, TWICE.key], " 全市直播。 ") == "全市直播。"
    for keys, reason in (
        ((), "全市直播。"),
        ([PEOPLE.key], "全市直播。"),
        ([PEOPLE.key, TWICE.key], " "),
        ([PEOPLE.key, TWICE.key], "。"),
    ):
        with pytest.raises(NeedsConfirmation) as asked:
            require_confirmed([PEOPLE, TWICE], keys, reason)
        assert asked.value.keys == [PEOPLE.key, TWICE.key], "all are shown again, not only those left"
    assert require_confirmed([PEOPLE], [PEOPLE.key], needs_reason=False) == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [("。", False), ("……！", False), ("无", False), ("无误", True), ("2场", True), ("ok", True), ("", False)],
)
def test_a_reason_has_at_least_two_letters_characters_or_digits(words, says):
    assert says_something(words) is says


def test_a_question_with_another_figure_has_another_key():
    other = Question("people", "number_of_people", "参加人数（900）超过了职工人数（200）。")
    assert other.key != PEOPLE.key and other.key.partition(":")[0] == "people"


def _request(path="/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


class _Form(forms.Form):
    title = forms.CharField()
    version = forms.IntegerField()


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (Refused("标题太长。", cure="请写短些。", field="title"), "title"),
        (Refused("标题太长。请写短些。", field="unknown"), "__all__"),
        (Refused("标题太长。请写短些。"), "__all__"),
        (AccessDenied("标题太长。请写短些。"), "__all__"),
        (ValidationError({"title": "标题太长。请写短些。"}), "title"),
        (ValidationError("标题太长。请写短些。"), "__all__"),
    ],
)
def test_in_a_form_it_stands_at_its_field(refusal, field):
    form = _Form({"title": "甲", "version": "1"})
    assert form.is_valid()
    with problems_in(form):
        raise refusal
    assert form.errors == {field: ["标题太长。请写短些。"]}
    request = _request()
    with problems_told(request):
        raise refusal
    assert [str(message) for message in get_messages(request)] == ["标题太长。请写短些。"]


def test_a_stale_form_starts_from_the_version_that_is_there():
    form = _Form({"title": "甲", "version": "1"})
    assert form.is_valid()
    with problems_in(form):
        raise Stale(Enterprise(version=7))
    assert form["version"].value() == "7" and "已被别人修改" in form.errors["__all__"][0]


def test_questions_are_left_to_the_page_that_shows_them():
    form = _Form({"title": "甲", "version": "1"})
    with pytest.raises(NeedsConfirmation), problems_in(form):
        raise NeedsConfirmation([PEOPLE])


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refused("这个季度已经关闭。"), 409),
        (AccessDenied("不在您的管辖范围内。"), 403),
        (NeedsConfirmation([PEOPLE]), 409),
    ],
)
def test_what_no_view_shows_becomes_a_page_or_json(refusal, status):
    shown = RefusalMiddleware(lambda request: None)
    page = shown.process_exception(_request(accept="text/html"), refusal)
    assert page.status_code == status and str(refusal) in page.content.decode()
    data = shown.process_exception(_request(accept="application/json"), refusal)
    assert data.status_code == status and str(refusal) in data.content.decode()
    assert shown.process_exception(_request("/api/v1/records/"), refusal) is None, "the API answers in its own form"
    assert shown.process_exception(_request(), ValueError("a fault of the program")) is None


def test_the_api_answers_with_the_same_text():
    labels = {"title": "标题", "number_of_people": "参加人数"}.get
    plain = refusal_problem(Refused("这个季度已经关闭。"))
    assert (plain.slug, plain.status_code, plain.text) == ("refused", 409, "这个季度已经关闭。")
    named = refusal_problem(Refused("标题太长。", cure="请写短些。", field="title"), labels)
    assert (named.slug, named.status_code, named.errors[0].cure) == ("validation", 400, "请写短些。")
    stale = refusal_problem(Stale(Enterprise(version=7)))
    assert (stale.slug, stale.status_code, stale.members["current_version"]) == ("stale-version", 409, 7)
    assert refusal_problem(AccessDenied("不在范围内。")).status_code == 403
    asked = refusal_problem(NeedsConfirmation([PEOPLE, TWICE]), labels)
    assert [(error.field, error.label, error.key) for error in asked.errors] == [
        ("number_of_people", "参加人数", PEOPLE.key),
        ("title", "标题", TWICE.key),
    ]


@pytest.mark.django_db
def test_a_job_ends_with_the_same_text(cast):
    def refuse(job, progress):
        raise Refused("这份台账已经删除。", cure="请重新生成。")

    job = Job.objects.create(kind="test", title="台账", owner=cast.clerk, unique_key="one", status=Status.RUNNING)
    _execute(job, Handler("test", "测试", refuse, "default", 1, 300))
    job.refresh_from_db()
    assert (job.status, job.error) == (Status.FAILED, "这份台账已经删除。请重新生成。")
