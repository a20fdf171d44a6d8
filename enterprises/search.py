"""What the search everywhere finds in the register."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.models import Actor
from foundation.search.searchers import Hit, Searcher, Terms, holds, register_searcher


def find(user: Actor, terms: Terms, limit: int) -> list[Hit]:
    """By name, pinyin initials or beginning of the credit code; closed enterprises stand last."""
    found = Enterprise.objects.visible_to(user).select_related("county__city").order_by("-is_active", "name", "pk")
    for word in terms:
        found = found.search(word)
    return [_hit(enterprise, terms) for enterprise in found[:limit]]


def _hit(enterprise: Enterprise, terms: Terms) -> Hit:
    state = [] if enterprise.is_active else [str(_("不在册"))]
    return Hit(
        title=enterprise.name,
        url=reverse("enterprises:detail", args=[enterprise.pk]),
        subtitle=" · ".join([enterprise.county.full_name(), *state]),
        matched="" if holds(enterprise.name, terms) else enterprise.credit_code,
    )


register_searcher(
    Searcher(
        name="enterprises",
        label=_("企业"),
        hint=_("名称、拼音首字母、统一社会信用代码"),
        icon="building",
        find=find,
        order=10,
        offered_to=lambda user: bool(verdict(user, "enterprises.view")),
    )
)
