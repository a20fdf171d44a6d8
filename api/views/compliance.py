"""What the rules of compliance found, enterprise by enterprise."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.requests import ApiRequest
from api.serializers import ComplianceResultSerializer
from api.views.base import PAGE_PARAMETERS, PortalView, filtered, problems, quarter_from, query
from foundation.access.rules import require
from indicators.compliance.declaring import all_rules
from indicators.compliance.findings import Finding
from indicators.models import ComplianceResult
from records.core.periods import working_quarter
from reporting.compliance.tables import ResultFilter


class ComplianceList(PortalView):
    serializer_class = ComplianceResultSerializer
    list_ordering = ("pk",)

    @extend_schema(
        operation_id="compliance_list",
        summary="合规结果：每家企业每条规则一个结论",
        parameters=[
            query("region", "行政区划代码：32、3201、320115"),
            query("quarter", "季度，例如 2026Q3；不写是正在做的季度"),
            query("rule", "规则编码，例如 R11", enum=[rule.code for rule in all_rules()]),
            query("finding", "结论：符合、不符合、不适用、未说明", enum=Finding.values),
            query("q", "企业名称的一部分、拼音首字母或信用代码开头"),
            *PAGE_PARAMETERS,
        ],
        responses={200: ComplianceResultSerializer(many=True), **problems(400, 403)},
        tags=["indicators"],
    )
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "indicators.view_compliance")
        asked = request.query_params.get("quarter", "")
        quarter = quarter_from(asked) if asked else working_quarter()
        rows = ComplianceResult.objects.visible_to(request.user).filter(quarter=quarter.code)
        return self.answer_page(filtered(ResultFilter, request, rows.select_related("enterprise", "county__city")))
