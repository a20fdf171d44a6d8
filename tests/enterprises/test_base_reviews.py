"""The yearly review of a base: who tells it, what is asked, and what is counted of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from enterprises.bases import sorts
from enterprises.bases.facts import BaseFacts
from enterprises.bases.reviews import file_base_review, questions_of
from enterprises.models import Base, BaseReview
from enterprises.profiles.queries import open_years, this_year
from foundation.access.rules import AccessDenied
from foundation.refusals import Stale
from indicators.fill import catch_up
from indicators.queries import figures
from tests.cast import Cast
from tests.enterprises.test_base_facts import of_sort
from tests.enterprises.test_bases import kept
from tests.indicators.helpers import NOW

pytestmark = pytest.mark.django_db


def told(by: Any, base: Base, *, year: int | None = None, version: int = 0, **values: Any) -> BaseReview:
    return file_base_review(acting_user=by, base_id=base.pk, year=year or this_year(), version=version, values=values)


def test_a_year_is_told_once_and_only_what_is_asked_of_the_sort(cast: Cast) -> None:
    base = kept(cast, sort=of_sort(sorts.CONTEST))
    assert "chain" in questions_of(base) and "users" not in questions_of(base)
    review = told(cast.clerk, base, chain=True, served=300, users=9)
    assert (review.chain, review.served, review.shared, review.users) == (True, 300, None, None)
    with pytest.raises(Stale):
        told(cast.county, base, served=301)
    assert told(cast.county, base, version=1, served=None).served is None
    assert BaseReview.objects.get().version == 2
    with pytest.raises(ValidationError, match="一项都没有填"):
        told(cast.clerk, base, year=this_year() - 1, served=None)
    with pytest.raises(ValidationError, match="不能填报"):
        told(cast.clerk, base, year=min(open_years()) - 1, served=1)


def test_who_tells(cast: Cast) -> None:
    base = kept(cast)
    for person in (cast.second_clerk, cast.neighbour_county, cast.auditor):
        with pytest.raises(AccessDenied):
            told(person, base, served=1)
    public = kept(cast, enterprise=None, holder="示例总工会")
    with pytest.raises(AccessDenied):
        told(cast.clerk, public, served=1)
    assert told(cast.county, public, served=1).filed_by == cast.county


def test_what_reviews_say_is_counted_for_their_year(cast: Cast) -> None:
    last = NOW.year - 1
    contest = kept(cast, name="示例竞赛基地", sort=of_sort(sorts.CONTEST))
    other = kept(cast, name="另一竞赛基地", sort=of_sort(sorts.CONTEST))
    canteen = kept(cast, name="示例食堂")
    training = kept(
        cast,
        name="示例实训基地",
        sort=of_sort(sorts.TRAINING),
        enterprise=None,
        holder="示例学院",
        by=cast.city,
        place=cast.places["3201"],
    )
    told(cast.clerk, contest, year=last, chain=False)
    told(cast.clerk, contest, chain=True)
    told(cast.clerk, other, chain=False)
    told(cast.clerk, canteen, year=last, built=True, invested=Decimal("12.50"), served=900)
    told(cast.clerk, canteen, built=False, invested=Decimal(7))
    told(cast.city, training, year=last, shared=4, served=150)
    catch_up()
    county, city = (figures(cast.places[code], NOW) for code in ("320115", "3201"))
    assert county["C19.chain"].value == 1, "the newest answer of each stands"
    assert (county["G05.built"].value, county["G05.invested"].value) == (1, Decimal("12.50"))
    assert county["D16.served"].value is None, "of canteens nobody asks how many were trained"
    assert (city["D16.shared"].value, city["D16.served"].value, city["C19.chain"].value) == (4, 150, 1)
    assert city["G09.users"].value is None


def test_evidence_is_what_was_counted(cast: Cast, sign_in: Any) -> None:
    base = kept(cast, name="示例竞赛基地", sort=of_sort(sorts.CONTEST))
    silent = kept(cast, name="没有说的竞赛基地", sort=of_sort(sorts.CONTEST))
    told(cast.clerk, base, chain=True)
    told(cast.clerk, silent, served=3)
    source = BaseFacts()
    fact = next(fact for fact in source.facts if fact.code == "C19.chain")
    assert list(source.evidence(fact, NOW)) == [base]
    listed = sign_in(cast.county).get(source.url(fact.code, region="320115", quarter=NOW.code))
    assert [row.record for row in listed.context["table"].page.object_list] == [base]


def test_the_holder_tells_of_its_base_on_its_page(cast: Cast, sign_in: Any) -> None:
    base = kept(cast, sort=of_sort(sorts.LEGAL_AID), name="示例援助点")
    browser = sign_in(cast.clerk)
    address = reverse("enterprises:base_review", args=[base.pk])
    assert address in browser.get(base.get_absolute_url()).content.decode()
    assert base.get_absolute_url() in browser.get(cast.enterprise.get_absolute_url()).content.decode()
    form = browser.get(address).content.decode()
    assert "半小时覆盖乡镇（街道）" in form and "注册职工" not in form
    refused = browser.post(address, {"towns": "三个", "version": 0})
    assert refused.status_code == 200 and "towns" in refused.context["form"].errors
    assert browser.post(address, {"towns": 3, "built": "unknown", "version": 0}).status_code == 302
    review = base.reviews.get()
    assert (review.towns, review.built, review.served) == (3, None, None)
    late = browser.post(address, {"towns": 4, "version": 0})
    assert late.status_code == 409 and base.reviews.get().towns == 3
    assert "半小时覆盖乡镇（街道）（个）" in browser.get(base.get_absolute_url()).content.decode()
    assert sign_in(cast.second_clerk).get(address).status_code == 404
    assert sign_in(cast.auditor).get(address).status_code == 403
