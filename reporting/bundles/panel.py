"""The ledger on an enterprise's page: choose the year, watch it being made, fetch it."""

from typing import Any

from django import forms
from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from foundation.access.rules import verdict
from foundation.accounts.requests import PortalRequest
from foundation.panels import Panel, register_panel
from foundation.ui.forms import form_field
from reporting.bundles.actions import inventory
from reporting.bundles.contents import years_of
from reporting.bundles.models import Bundle

SHOWN = 5


class YearForm(forms.Form):
    """The years in which there is something to list."""

    year = forms.TypedChoiceField(
        label=_("年度"),
        coerce=int,
        error_messages={
            "invalid_choice": _("“%(value)s”年没有可以收入台账的记录，请从列表中选择年度。"),
            "required": _("请选择年度。"),
        },
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form_field(self, "year", forms.TypedChoiceField).choices = [(year, f"{year}") for year in years]


def bundle_panel(request: PortalRequest, enterprise: Enterprise) -> dict[str, Any] | None:
    if not verdict(request.user, "reporting.create_bundle", enterprise):
        return None
    years = years_of(request.user, enterprise)
    mine = Bundle.objects.visible_to(request.user).filter(enterprise=enterprise).select_related("job", "enterprise")
    # A panel is drawn without the page's own context: what its forms need comes along.
    return {
        "enterprise": enterprise,
        "form": YearForm(years=years, auto_id="bundle-%s") if years else None,
        "bundles": [(bundle, inventory(bundle)) for bundle in mine[:SHOWN]],
        "request": request,
        "csrf_token": get_token(request),
    }


register_panel("enterprises.detail", Panel(_("年度台账"), "reporting/bundles/_panel.html", bundle_panel, order=5))
