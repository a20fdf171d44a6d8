"""A resource for each kind, made from its declaration: which columns its sheets have and what their cells mean."""

import functools
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from foundation.exchange.columns import NUMBER, Column, SheetResource
from foundation.exchange.headings import normal
from foundation.exchange.widgets import CellWidget, ChoiceWidget, CodeWidget, NumberWidget, PeriodWidget
from foundation.fields import field_of
from records.core.kinds import RecordKind, Rhythm, enterprise_kinds, kind_by_slug
from records.core.models import Status
from records.exchange.columns import record_column

CODE, ENTERPRISE, PERIOD, REFERENCE, VERSION, STATUS = (
    "_code",
    "_enterprise",
    "period",
    "_reference",
    "_version",
    "_status",
)

#: What the sheets of a whole sitting are marked with; no kind is called so.
RETURNS = "returns"


def _period_column(kind: RecordKind) -> Column:
    annual = kind.rhythm is Rhythm.ANNUAL
    note = _("例如 2026 或 2026年度。") if annual else _("例如 2026Q3 或 2026年第三季度。")
    return Column(PERIOD, _("报告期"), note, True, PeriodWidget(annual), "period")


def columns_for(kind: RecordKind) -> list[Column]:
    """Every column of the kind's sheet, in order; the last three come with an export only."""
    names = [name for name in kind.fields if not (kind.is_return and name == "title")]
    own = [record_column(field_of(kind.model, name), needed=name in kind.required) for name in names]
    return [
        Column(NUMBER, _("序号"), _("可以不填。写着“示例”的行不会导入。"), False, CellWidget(), is_ours=True),
        Column(
            CODE,
            _("统一社会信用代码"),
            _("18 位代码，以文本填写。只有一家企业的可以留空。"),
            False,
            CodeWidget(),
            "enterprise__credit_code",
            18,
            True,
        ),
        Column(
            ENTERPRISE,
            _("企业名称"),
            _("可以不填；没有代码时按企业全称查找。"),
            False,
            CellWidget(),
            "enterprise__name",
            200,
            True,
        ),
        *([_period_column(kind)] if kind.is_return else []),
        *own,
        Column(
            REFERENCE,
            _("记录编号"),
            _("导出时自动写上，用来找到原来的记录。新增的行请留空。"),
            False,
            CodeWidget(),
            "reference",
            None,
            True,
            only_exact=True,
        ),
        Column(
            VERSION,
            _("版本"),
            _("导出时自动写上，请不要修改。"),
            False,
            NumberWidget(),
            "version",
            None,
            True,
            only_exact=True,
        ),
        Column(
            STATUS,
            _("状态"),
            _("仅供查看，导入时不读取。"),
            False,
            ChoiceWidget({status.value: str(status.label) for status in Status}),
            "status",
            None,
            True,
            is_shown_only=True,
        ),
    ]


@functools.cache
def headings_of(slug: str) -> frozenset[str]:
    """The headings of a kind's own fields, in their normal form."""
    kind = kind_by_slug(slug)
    own = {normal(field_of(kind.model, name).verbose_name) for name in kind.fields}
    return frozenset(own - {normal(_("标题"))} if kind.is_return else own)


class KindResource(SheetResource):
    """The sheet of one kind."""

    filled_in = (NUMBER, CODE, ENTERPRISE, STATUS)

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind
        self.slug, self.label = kind.slug, kind.label
        self.keys = {PERIOD} if kind.is_return else {"title", "happened_on"} & set(kind.fields)
        self.heads = {CODE, ENTERPRISE, *self.keys}
        self.beside = ("说明", *(str(lines.label)[:31] for lines in kind.lines))
        super().__init__(columns_for(kind))

    def labels(self) -> Mapping[str, str]:
        return {kind.slug: kind.label for kind in enterprise_kinds()} | {RETURNS: _("整份报表（在“报表填报”页上传）")}

    def kin(self) -> Iterable[tuple[str, str, set[str]]]:
        return ((kind.slug, str(kind.label), set(headings_of(kind.slug))) for kind in enterprise_kinds())


def resource_for(slug: str) -> KindResource:
    """A fresh resource: the lists that offices edit may have changed since the last one."""
    return KindResource(kind_by_slug(slug))
