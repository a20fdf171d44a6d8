"""Which enterprise holds a base: looked up in the form, told by its credit code in a workbook; or none does."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from enterprises.pickers import choose_enterprise
from foundation.crud.building import ResourceForm


class BaseForm(ResourceForm):
    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        cure = _("请核对代码；不是企业持有的，这一格留空，在“其他持有者”写名称。")
        choose_enterprise(self, user, cure).needed = False  # type: ignore[attr-defined]  # see ui/field.html
