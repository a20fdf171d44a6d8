"""Figures and indicators of a region and quarter: read from the totals the dashboards read."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.inputs import missing
from api.problems import InvalidInput
from api.requests import ApiRequest
from api.serializers import FigureSheetSerializer
from api.views.base import PortalView, problems, quarter_from, query, refuse_unknown_parameters, region_for
from foundation.access.rules import require
from indicators import queries


class FigureSheet(PortalView):
    serializer_class = FigureSheetSerializer
    pagination_class = None

    @extend_schema(
        operation_id="indicators_values",
        summary="一个地区一个季度的数据项和指标",
        parameters=[
            query("region", "行政区划代码：32、3201、320115", required=True),
            query("quarter", "季度，例如 2026Q3", required=True),
        ],
        responses={200: FigureSheetSerializer, **problems(400, 403, 404)},
        tags=["indicators"],
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown_parameters(request, ["region", "quarter"])
        require(request.user, "reporting.dashboard")
        labels = {"region": _("地区"), "quarter": _("季度")}
        if absent := [missing(name, label) for name, label in labels.items() if not request.query_params.get(name)]:
            raise InvalidInput(absent)
        quarter = quarter_from(request.query_params["quarter"])
        region = region_for(request.user, "reporting.dashboard", request.query_params["region"])
        sheet = {
            "region": region,
            "quarter": quarter.code,
            "data_as_of": queries.last_filled(quarter),
            "figures": list(queries.figures(region, quarter).values()),
            "indicators": queries.indicator_values(region, quarter),
        }
        context = {**self.get_serializer_context(), "compared": queries.compared(region, quarter)}
        return Response(FigureSheetSerializer(sheet, context=context).data)
