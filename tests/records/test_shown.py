"""What the portal knows stands beside the form, with where it is kept, and is never asked again."""

import pytest
from django.urls import reverse
from django.utils import timezone

from enterprises.models import YearlyProfile
from records.core.kinds import all_kinds, kind_by_slug
from records.core.shown import known_of
from records.duties.burden import weight_of

pytestmark = pytest.mark.django_db
LADDER = "skills.ladder"


def profile(cast, year: int, **values) -> YearlyProfile:
    return YearlyProfile.objects.create(enterprise=cast.enterprise, year=year, filed_by=cast.clerk, **values)


def test_the_profile_of_the_period_s_year_or_the_newest_before_is_shown(cast):
    kind = kind_by_slug(LADDER)
    nothing = known_of(kind.shown, cast.enterprise, "2025")
    assert [(one.label, one.value) for one in nothing] == [("职工人数", ""), ("产业工人人数", "")]
    profile(cast, 2024, headcount=1180, industrial_count=900)
    profile(cast, 2026, headcount=1300)
    of_2025, of_2026 = (known_of(kind.shown, cast.enterprise, year) for year in ("2025", "2026"))
    assert [one.value for one in of_2025] == ["1,180 人（2024年度）", "900 人（2024年度）"]
    assert [one.value for one in of_2026] == ["1,300 人（2026年度）", ""], "what that year does not say is not known"
    assert all(one.url == reverse("enterprises:profile", args=[cast.enterprise.pk]) for one in of_2025)
    assert known_of(kind.shown, cast.places["3201"], "2025") == []


def test_the_form_shows_it_with_its_source_and_asks_nothing_of_it(cast, sign_in):
    profile(cast, timezone.localdate().year - 1, headcount=1180, industrial_count=900)
    page = sign_in(cast.clerk).get(reverse("records:create", args=[LADDER])).content.decode()
    assert "1,180 人" in page and "年度基本情况" in page
    assert weight_of(kind_by_slug(LADDER)).shown == 2


def test_nothing_that_is_shown_is_a_field_of_its_kind_as_well():
    for kind in all_kinds():
        labels = {str(kind.model._meta.get_field(name).verbose_name) for name in kind.fields}
        assert not labels & {str(one.label) for one in kind.shown}, kind.slug
