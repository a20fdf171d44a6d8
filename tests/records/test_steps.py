"""What begins and ends is told by two records; the later one takes its names from the earlier."""

import pytest
from django.urls import reverse

from records.core.actions import act, file_record
from records.core.kinds import all_kinds, kind_by_slug
from tests.contracts.world import values_for

pytestmark = pytest.mark.django_db
PROJECT, CASE = "competitions.openproject", "services.goodcase"


def begun(cast, slug: str, step: str, **changes):
    values = values_for(slug, cast.enterprise) | {"step": step} | changes
    return file_record(acting_user=cast.clerk, kind=kind_by_slug(slug), filer=cast.enterprise, values=values)


def test_the_end_takes_its_names_from_the_beginning(cast, sign_in):
    record = begun(cast, PROJECT, "begun", title="数控主轴寿命攻关", scheme="open_call")
    clerk = sign_in(cast.clerk)
    assert "接着填" not in clerk.get(reverse("records:detail", args=[record.pk])).content.decode(), (
        "a draft begins nothing"
    )
    record = act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    page = clerk.get(reverse("records:detail", args=[record.pk]))
    assert "接着填：完成" in page.content.decode()
    form = clerk.get(page.context["following"]["url"])
    assert "接着“数控主轴寿命攻关”填" in form.content.decode()
    initial = form.context["form"].initial
    assert (initial["title"], initial["scheme"], initial["step"]) == ("数控主轴寿命攻关", "open_call", "finished")
    assert "workers" not in {name for name, value in initial.items() if value not in (None, "")}


def test_a_case_is_taken_up_by_an_office(cast, sign_in):
    record = begun(cast, CASE, "case", title="班组微创新一点一策")
    record = act(acting_user=cast.clerk, record_id=record.pk, action="submit", version=record.version)
    city = sign_in(cast.city)
    page = city.get(reverse("records:detail", args=[record.pk]))
    form = city.get(page.context["following"]["url"])
    assert form.context["form"].initial["step"] == "adopted"
    assert "本级填报" in form.content.decode()


def test_nothing_follows_the_end_and_strangers_begin_nothing(cast, sign_in):
    record = begun(cast, PROJECT, "finished")
    new = reverse("records:create", args=[PROJECT])
    query = {"enterprise": cast.enterprise.credit_code, "after": record.pk}
    assert sign_in(cast.clerk).get(new, query).status_code == 404
    other = {"enterprise": cast.neighbour_enterprise.credit_code, "after": record.pk}
    assert sign_in(cast.neighbour).get(new, other).status_code == 404


def test_steps_name_what_is_there():
    for kind in all_kinds():
        if kind.steps is not None:
            choices = dict(kind.model._meta.get_field(kind.steps.field).flatchoices)
            assert {*kind.steps.later, *kind.steps.later.values()} <= set(choices), kind.slug
            assert set(kind.steps.takes) <= set(kind.fields), kind.slug
