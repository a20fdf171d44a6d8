"""The register of enterprises, read-only."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.requests import ApiRequest
from api.serializers import EnterpriseSerializer
from api.views.base import PAGE_PARAMETERS, PortalView, filtered, problems, query
from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise, Ownership, PilotTier, Size
from enterprises.models.enterprise import EnterpriseQuerySet
from foundation.access.rules import visible_or_404


def _shown() -> EnterpriseQuerySet:
    return Enterprise.objects.select_related("province", "city", "county", "industry")


class EnterpriseList(PortalView):
    serializer_class = EnterpriseSerializer
    list_ordering = ("name", "pk")

    @extend_schema(
        operation_id="enterprises_list",
        summary="企业名录",
        parameters=[
            query("q", "名称的一部分、拼音首字母或信用代码开头"),
            query("region", "行政区划代码：32、3201、320115"),
            query("pilot_tier", "试点层级", enum=PilotTier.values),
            query("ownership", "所有制", enum=Ownership.values),
            query("size", "规模", enum=Size.values),
            query("industry", "行业门类代码，例如 C"),
            query("fact", "名录数据项，例如 REG.pilots：得到该数所数的企业"),
            *PAGE_PARAMETERS,
        ],
        responses={200: EnterpriseSerializer(many=True), **problems(400)},
        tags=["enterprises"],
    )
    def get(self, request: ApiRequest) -> Response:
        return self.answer_page(filtered(EnterpriseFilter, request, _shown().visible_to(request.user)))


class EnterpriseDetail(PortalView):
    serializer_class = EnterpriseSerializer

    @extend_schema(
        operation_id="enterprises_retrieve",
        summary="一家企业",
        responses={200: EnterpriseSerializer, **problems(404)},
        tags=["enterprises"],
    )
    def get(self, request: ApiRequest, code: str) -> Response:
        return Response(self.get_serializer(visible_or_404(_shown(), request.user, credit_code=code)).data)
