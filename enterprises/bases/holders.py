"""Which enterprise holds a base: looked up in the form, told by its credit code in a workbook."""

from typing import Any

from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from enterprises.pickers import EnterpriseField
from foundation.crud.building import ResourceForm
from foundation.exchange.readings import CellProblem
from foundation.exchange.widgets import CodeWidget

#: A credit code has as many characters; a row's number has fewer.
_LENGTH_OF_CODE = 18


class HolderField(EnterpriseField):
    """By credit code, as the page sends it, or by number, as rows of a workbook have it."""

    def to_python(self, value: Any) -> Enterprise | None:
        text = str(value or "")
        if text.isdecimal() and len(text) < _LENGTH_OF_CODE:
            code = self.queryset.filter(pk=int(text)).values_list("credit_code", flat=True).first()
            value = code or text
        found: Enterprise | None = super().to_python(value)
        return found


class BaseForm(ResourceForm):
    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        asked = self.fields["enterprise"]
        field = HolderField(label=asked.label, help_text=asked.help_text, required=False)
        field.needed = False  # type: ignore[attr-defined]  # see ui/field.html
        held = self.instance.enterprise
        self.initial["enterprise"] = held.credit_code if held else None
        field.of(user, self.data.get("enterprise") if self.is_bound else self.initial["enterprise"])
        self.fields["enterprise"] = field


class HolderCell(CodeWidget):
    """A credit code of the register. Each is looked up once."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, int | None] = {}

    def read(self, value: Any) -> Any:
        code = super().read(value)
        if code not in self.known:
            self.known[code] = Enterprise.objects.filter(credit_code=code).values_list("pk", flat=True).first()
        if self.known[code] is None:
            raise CellProblem(
                _("名录里没有统一社会信用代码 %s。") % code[:40],
                _("请核对代码；不是企业持有的，这一格留空，在“其他持有者”写名称。"),
            )
        return self.known[code]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        return Enterprise.objects.filter(pk=value).values_list("credit_code", flat=True).first() or ""
