"""The yearly review of a base: which questions are put to which sort, and filing the answers."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.bases import sorts
from enterprises.bases.facts import append_base_changes, counts_at
from enterprises.models import Base, BaseReview
from enterprises.profiles.queries import open_years
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.crud.values import differences, logged
from foundation.refusals import Stale

register_event("enterprises.base_reviewed", gettext_lazy("填报阵地年度情况"))

#: Asked of every base.
_COMMON = ("served", "shared", "built", "invested", "result")
#: Asked of one sort only.
_OWN = {sorts.CONTEST: ("chain",), sorts.ONLINE: ("users",), sorts.LEGAL_AID: ("towns",)}


def questions_of(base: Base) -> tuple[str, ...]:
    """The fields of the review that are asked of a base."""
    return (*_OWN.get(base.sort_id, ()), *_COMMON)


@transaction.atomic
def file_base_review(
    *, acting_user: Actor, base_id: int, year: int, version: int, values: Mapping[str, Any]
) -> BaseReview:
    """File or change what is told of a year. ``version`` is 0 for a new one. Raises ``AccessDenied``, ``Stale`` and
    ``ValidationError``."""
    base = Base.objects.select_for_update(of=("self",)).get(pk=base_id)
    require(acting_user, "enterprises.review_bases", base)
    if year not in open_years():
        said = {"year": year, "first": min(open_years()), "last": max(open_years())}
        raise ValidationError(_("%(year)d 年度不能填报，可以填报 %(first)d 至 %(last)d 年度。") % said)
    asked = questions_of(base)
    review = BaseReview.objects.filter(base=base, year=year).first()
    if review is not None and review.version != version:
        raise Stale(review)
    before = {} if review is None else logged(review, asked)
    if review is None:
        review = BaseReview(base=base, year=year, version=0)
    for name in asked:
        setattr(review, name, values.get(name, getattr(review, name)))
    if all(getattr(review, name) in (None, "") for name in asked):
        raise ValidationError(_("一项都没有填。请至少填一项；都没有掌握的不用保存。"))
    review.filed_by = acting_user
    review.version += 1
    review.full_clean()
    review.save()
    changes = differences(before, logged(review, asked))
    log("enterprises.base_reviewed", by=acting_user, on=base, changes=changes, note=_("%d 年度") % year)
    append_base_changes([counts_at(base)])
    return review
