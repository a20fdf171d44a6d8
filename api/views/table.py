"""The cross table: the page's own choices, checked by the page's own form."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.pagination import PortalCursorPagination
from api.problems import FieldProblem, InvalidInput, form_problems
from api.requests import ApiRequest
from api.serializers import TableSheetSerializer
from api.views.base import PAGE_PARAMETERS, PortalView, problems, query, refuse_unknown_parameters, region_for
from foundation.access.rules import require
from foundation.access.scope import scope_of
from indicators import queries
from reporting.crosstable.asking import Axis, Mark, Only, Show, TableForm
from reporting.crosstable.content import build_table

_MANY = ("value", "area", *TableForm.FILTERS.values())


def _parameters() -> list[OpenApiParameter]:
    form = TableForm.base_fields
    single = {
        "rows": Axis.values,
        "columns": Axis.values,
        "show": Show.values,
        "only": Only.values,
        "mark": Mark.values,
    }
    found = [query("region", "行政区划代码：32、3201、320115；不写是本级")]
    for name in TableForm.PARAMETERS[1:]:
        label = str(form[name].label or name)
        if name in _MANY:
            found.append(
                OpenApiParameter(
                    name, OpenApiTypes.STR, OpenApiParameter.QUERY, description=f"{label}，可以重复", many=True
                )
            )
        elif name == "sort":
            found.append(query(name, "排序的列，前面加 - 从大到小；列的名称见回答中的 columns"))
        else:
            found.append(query(name, label, enum=single.get(name)))
    return found


class CrossTable(PortalView):
    serializer_class = TableSheetSerializer
    pagination_class = None

    @extend_schema(
        operation_id="table_retrieve",
        summary="交叉表",
        description="页面“交叉表”的同一张表，参数与页面地址相同；按行分页，合计行和说明每页都有。",
        parameters=[*_parameters(), *PAGE_PARAMETERS],
        responses={200: TableSheetSerializer, **problems(400, 403, 404)},
        tags=["indicators"],
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown_parameters(request, list(TableForm.PARAMETERS))
        require(request.user, "reporting.dashboard")
        code = request.query_params.get("region") or scope_of(request.user).regions()[0].code
        region = region_for(request.user, "reporting.dashboard", code)
        form = TableForm(request.query_params, region=region)
        if not form.is_valid():
            raise InvalidInput(form_problems(form))
        start, size = self._asked("cursor", 0), self._asked("page_size", PortalCursorPagination.page_size or 25)
        size = max(1, min(size, PortalCursorPagination.max_page_size))
        spec = form.spec()
        table = build_table(spec)
        sheet: dict[str, Any] = {
            "next": self._page(start + size) if start + size < len(table.lines) else None,
            "previous": self._page(max(start - size, 0)) if start > 0 else None,
            "title": table.title,
            "region": region,
            "quarters": [quarter.code for quarter in spec.quarters],
            "data_as_of": queries.last_filled(spec.until),
            "rows": len(table.lines),
            "columns": table.columns,
            "total": table.total,
            "notes": table.notes,
            "results": table.lines[start : start + size],
        }
        return Response(self.get_serializer(sheet).data)

    def _asked(self, name: str, usual: int) -> int:
        """A whole number of the address. Raises ``InvalidInput`` for anything else."""
        given = self.request.query_params.get(name, "")
        if not given:
            return usual
        if not (given.isascii() and given.isdecimal() and len(given) < 9):
            label = _("翻页位置") if name == "cursor" else _("每页行数")
            cure = _("请使用上一页回答中 next 或 previous 的完整地址。") if name == "cursor" else _("请填 1 至 100。")
            raise InvalidInput([FieldProblem(name, label, _("“%s”不是整数。") % given, cure)])
        return int(given)

    def _page(self, start: int) -> str:
        return replace_query_param(self.request.build_absolute_uri(), "cursor", start)
