"""What looks wrong in what enterprises reported: the worklist of data quality."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.requests import ApiRequest
from api.serializers import QualityFindingSerializer
from api.views.base import PAGE_PARAMETERS, PortalView, filtered, problems, quarter_from, query
from foundation.access.rules import require
from reporting.quality.filters import EVERY, filter_for
from reporting.quality.models import Finding, FindingState, Sort


class QualityFindingList(PortalView):
    serializer_class = QualityFindingSerializer
    list_ordering = ("-weight", "-pk")

    @extend_schema(
        operation_id="quality_list",
        summary="数据疑点：产改办看到辖区内的，企业看到被问过的",
        parameters=[
            query("region", "行政区划代码：32、3201、320115；企业不用"),
            query("quarter", "统计季度，例如 2026Q3；不写是全部"),
            query("sort_of", "疑点的种类", enum=Sort.values),
            query("state", "状态；不写是没有了结的（企业是全部），every 是全部", enum=[*FindingState.values, EVERY]),
            query("q", "企业名称的一部分、拼音首字母或信用代码开头；企业不用"),
            *PAGE_PARAMETERS,
        ],
        responses={200: QualityFindingSerializer(many=True), **problems(400, 403)},
        tags=["indicators"],
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "reporting.view_finding")
        if asked := request.query_params.get("quarter", ""):
            quarter_from(asked)
        rows = Finding.objects.visible_to(request.user).select_related("enterprise", "county__city", "record")
        return self.answer_page(filtered(filter_for(request.user), request, rows))
