"""What may be filed: kinds of records, with the JSON Schema of their fields."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.kinds_schema import described
from api.requests import ApiRequest
from api.serializers import KindSerializer
from api.views.base import PortalView, problems, refuse_unknown_parameters
from records.core.kinds import RecordKind, Rhythm, all_kinds, kind_by_slug
from records.core.periods import period_choices


def _periods(kinds: list[RecordKind]) -> dict[tuple[Rhythm, bool], list[tuple[str, str]] | None]:
    """The open periods by rhythm and by whether a whole year is told, each read once however many kinds there are."""
    found: dict[tuple[Rhythm, bool], list[tuple[str, str]] | None] = {(Rhythm.EVENT, False): None}
    for kind in kinds:
        if (kind.rhythm, kind.closes_year) not in found:
            found[kind.rhythm, kind.closes_year] = period_choices(kind)
    return found


class KindList(PortalView):
    serializer_class = KindSerializer

    @extend_schema(
        operation_id="kinds_list",
        summary="记录类型",
        description="每种记录：对应的政策条款、字段的 JSON Schema、计入哪些数据项。类型不多，一次给全。",
        responses={200: KindSerializer(many=True), **problems()},
        tags=["kinds"],
    )
    def get(self, request: ApiRequest) -> Response:
        refuse_unknown_parameters(request, [])
        kinds = all_kinds()
        periods = _periods(kinds)
        results = [described(kind, periods[kind.rhythm, kind.closes_year]) for kind in kinds]
        return Response({"next": None, "previous": None, "results": results})


class KindDetail(PortalView):
    serializer_class = KindSerializer
    pagination_class = None

    @extend_schema(
        operation_id="kinds_retrieve",
        summary="一种记录类型",
        responses={200: KindSerializer, **problems(404)},
        tags=["kinds"],
    )
    def get(self, request: ApiRequest, kind: str) -> Response:
        try:
            declared = kind_by_slug(kind)
        except LookupError as error:
            raise Http404 from error
        return Response(described(declared, _periods([declared])[declared.rhythm, declared.closes_year]))
