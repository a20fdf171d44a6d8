"""The register as a workbook."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from enterprises.exchange.resources import RegisterResource
from enterprises.models import Enterprise
from foundation.access.scope import scope_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.exchange.columns import NUMBER
from foundation.exchange.sheets import add_sheet, mark
from foundation.ui.workbooks import as_bytes

register_event("enterprises.exported", gettext_lazy("导出企业名录"))


def export_enterprises(enterprises: models.QuerySet[Enterprise], *, acting_user: Actor) -> bytes:
    """The given rows of the register, which can be imported again as they are; the audit log keeps who took how many
    along."""
    resource = RegisterResource()
    resource.fields.pop(NUMBER)
    columns = [column for column in resource.columns if column.name != NUMBER]
    rows = [resource.row_of(enterprise) for enterprise in enterprises.select_related("county__city", "industry")]
    workbook = Workbook(write_only=True)
    add_sheet(workbook, resource.label, columns, rows)
    mark(workbook, [(resource.label, resource.slug)])
    places = scope_of(acting_user).places()
    note = _("%d 家企业") % len(rows)
    log("enterprises.exported", by=acting_user, note=note, place=places[0] if places else None)
    return as_bytes(workbook)
