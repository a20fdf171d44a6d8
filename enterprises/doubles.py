"""Enterprises of the same name, however it was typed: asked about before there are two of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from enterprises.consequences import Consequence, Effect, PlannedChange, Weight, register_consequence
from enterprises.models import ChangeKind, Enterprise
from foundation.access.rules import where
from foundation.accounts.models import Actor
from foundation.folding import fold
from foundation.refusals import Question
from foundation.saying import filled

_BATCH = 500
#: Of those of one name, so many are named.
_NAMED = 3


def same_names(names: Iterable[str]) -> dict[str, list[Enterprise]]:
    """Registered enterprises of these names in the whole province, by the key of their name."""
    keys = sorted({fold(name) for name in names} - {""})
    found: dict[str, list[Enterprise]] = defaultdict(list)
    for start in range(0, len(keys), _BATCH):
        rows = Enterprise.objects.filter(place__name_key__in=keys[start : start + _BATCH]).select_related(
            "county__city"
        )
        for enterprise in rows.order_by("pk"):
            found[fold(enterprise.name)].append(enterprise)
    return found


def seen_by(user: Actor, enterprises: Iterable[Enterprise]) -> set[int]:
    """The keys of those the person may look up."""
    keys = sorted({enterprise.pk for enterprise in enterprises})
    seen: set[int] = set()
    for start in range(0, len(keys), _BATCH):
        rows = Enterprise.objects.filter(where(user, "enterprises.view"), pk__in=keys[start : start + _BATCH])
        seen.update(rows.values_list("pk", flat=True))
    return seen


def question(
    name: str, others: Sequence[Enterprise], seen: Collection[int], rows: Sequence[str] = ()
) -> Question | None:
    """Whether the enterprise is another one than ``others`` (and than the ``rows`` of the same file); None when nothing
    has its name. Of what lies outside the person's scope only that it is there is said."""
    known = [
        _("“%(name)s”（%(code)s，%(county)s）")
        % {"name": other.name, "code": other.credit_code, "county": other.county.full_name()}
        for other in others[:_NAMED]
        if other.pk in seen
    ]
    if any(other.pk not in seen for other in others):
        known.append(_("管辖范围以外的一家企业"))
    named = "、".join([*rows[:_NAMED], *known])
    if not named:
        return None
    message = _("“%(name)s”与%(others)s名称相同。请核对统一社会信用代码，确认是另一家企业，不是重复登记。")
    return Question("same_name", "name", message % {"name": name, "others": named})


def same_name_questions(user: Actor, enterprise: Enterprise) -> list[Question]:
    """What is asked when one enterprise is entered or gets another name."""
    found: Mapping[str, list[Enterprise]] = same_names([enterprise.name])
    others = [other for other in found.get(fold(enterprise.name), ()) if other.pk != enterprise.pk]
    asked = question(enterprise.name, others, seen_by(user, others))
    return [asked] if asked else []


@register_consequence
class Namesakes(Consequence):
    """A new name that another enterprise has is confirmed with the change. Who asks is not known here: only how many
    there are is said."""

    name = "enterprises.namesakes"
    order = 1

    def foresee(self, change: PlannedChange) -> Iterable[Effect]:
        if change.kind != ChangeKind.RENAME:
            return
        for enterprise in change.enterprises:
            found = same_names([enterprise.name]).get(fold(enterprise.name), ())
            if others := [other for other in found if other.pk != enterprise.pk]:
                text = _("全省已有 %(count)d 家企业叫“%(name)s”。请核对统一社会信用代码，确认不是重复登记。")
                yield Effect(_("同名"), filled(text, {"count": len(others), "name": enterprise.name}), Weight.ASK)
