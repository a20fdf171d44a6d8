"""The years told of a base on its own page, and the bases an enterprise holds on the enterprise's."""

from django.utils.translation import gettext_lazy as _

from enterprises.bases.reviews import questions_of
from enterprises.models import Base, BaseReview, Enterprise
from enterprises.profiles.queries import this_year
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.crud.values import shown
from foundation.fields import label_of_field
from foundation.panels import Context, Panel, register_panel

#: How many years stand side by side.
SHOWN = 3
#: How many bases the enterprise's page names.
NAMED = 20


#: The units of the numbers.
_UNITS = {"served": _("人次"), "shared": _("家"), "invested": _("万元"), "users": _("人"), "towns": _("个")}


def _labelled(name: str) -> str:
    label = label_of_field(BaseReview, name)
    return f"{label}（{_UNITS[name]}）" if name in _UNITS else label


def review_panel(request: PortalRequest, base: Base) -> Context | None:
    """Years as columns, answers as rows; and whether this year's are still wanted."""
    reviews = list(base.reviews.select_related("filed_by")[:SHOWN])
    return {
        "base": base,
        "reviews": reviews,
        "rows": [
            (_labelled(name), [(one.year, None if getattr(one, name) is None else shown(one, name)) for one in reviews])
            for name in questions_of(base)
        ],
        "year": this_year(),
        "may_file": bool(verdict(request.user, "enterprises.review_bases", base)),
    }


def bases_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    found = Base.objects.visible_to(request.user).filter(enterprise=enterprise).select_related("sort")
    bases = list(found.order_by("name", "pk")[:NAMED])
    return {"bases": bases, "enterprise": enterprise} if bases else None


register_panel("enterprises.base", Panel(_("年度情况"), "enterprises/bases/_reviews.html", review_panel, wide=True))
register_panel("enterprises.detail", Panel(_("阵地与基地"), "enterprises/bases/_panel.html", bases_panel, order=6))
