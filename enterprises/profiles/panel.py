"""The yearly profiles on the enterprise's own page."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, YearlyProfile
from enterprises.profiles.queries import FIELDS, this_year
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.fields import field_of
from foundation.panels import Context, Panel, register_panel

#: How many years stand side by side.
SHOWN = 3


def profile_panel(request: PortalRequest, enterprise: Enterprise) -> Context | None:
    """Years as columns, figures as rows; and whether this year's is still wanted."""
    profiles = list(YearlyProfile.objects.visible_to(request.user).filter(enterprise=enterprise)[:SHOWN])
    fields = [field_of(YearlyProfile, name) for name in FIELDS]
    units = {"wages_total": _("万元")}
    return {
        "enterprise": enterprise,
        "profiles": profiles,
        "rows": [
            (
                field.verbose_name,
                units.get(field.name, _("人")),
                [(one.year, getattr(one, field.name)) for one in profiles],
            )
            for field in fields
        ],
        "year": this_year(),
        "is_missing": not any(one.year == this_year() for one in profiles),
        "may_file": bool(verdict(request.user, "enterprises.file_profile", enterprise)),
    }


register_panel(
    "enterprises.detail",
    Panel(_("年度基本情况"), "enterprises/profiles/_panel.html", profile_panel, order=10, wide=True),
)
