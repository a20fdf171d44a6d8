"""What every view of the API shares."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import models
from django.utils.translation import gettext as _
from django_filters import FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import HEADER
from api.inputs import refuse_unstorable
from api.problems import CONTENT_TYPE, FieldProblem, InvalidInput, Problem, form_problems, unknown_names
from api.requests import ApiRequest
from api.serializers import ConflictSerializer, ProblemSerializer
from api.throttles import AddressThrottle, CallerThrottle, WriteThrottle
from foundation.access.rules import where
from foundation.accounts.models import Actor
from foundation.calendar.periods import Quarter
from foundation.places.models import Place
from foundation.ui.middleware import beyond_any_column

_M = TypeVar("_M", bound=models.Model)


class AnyAccept(DefaultContentNegotiation):
    """For addresses that answer with a file, whatever the client says it accepts."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, str(first.media_type)


class PortalView(GenericAPIView[Any]):
    """Signed in, throttled, errors as problem documents."""

    request: ApiRequest
    throttle_classes = [CallerThrottle, WriteThrottle]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body no form of the portal could fill before it is read. Files are limited where they are kept."""
        by_address = AddressThrottle()
        if not by_address.allow_request(request, self):
            self.throttled(request, by_address.wait())
        super().initial(request, *args, **kwargs)
        if beyond_any_column(kwargs.values()):
            raise NotFound
        refuse_unstorable(request.query_params.dict() | kwargs)
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not request.content_type.startswith("multipart/"):
            raise RequestDataTooBig

    def answer_page(self, queryset: models.QuerySet[Any]) -> Response:
        """One page of a list."""
        page = self.paginate_queryset(queryset)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class UnknownAddress(PortalView):
    """Whatever is not an address of the API answers in the API's own form."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound


#: Query parameters of every list, besides its filters.
PAGING = ("cursor", "page_size", "format")


def refuse_unknown_parameters(request: Request, known: list[str]) -> None:
    """A filter that is misspelt would otherwise quietly show everything."""
    unknown = [name for name in request.query_params if name not in known and name not in PAGING]
    if unknown:
        raise InvalidInput(unknown_names(unknown, known))


def filtered(filterset_class: type[FilterSet], request: Request, queryset: models.QuerySet[_M]) -> models.QuerySet[_M]:
    """The list through the pages' own filters, their choices checked."""
    filterset = filterset_class(request.query_params, queryset=queryset, request=request)
    refuse_unknown_parameters(request, list(filterset.filters))
    if not filterset.is_valid():
        raise InvalidInput(form_problems(filterset.form))
    if region := request.query_params.get("region"):
        _known_place(region)
    found: models.QuerySet[_M] = filterset.qs
    return found


def _known_place(code: str) -> None:
    if not Place.objects.filter(code=code).exists():
        reason = _("没有代码为“%s”的地区或单位。") % code
        raise InvalidInput([FieldProblem("region", _("地区"), reason, _("请填行政区划代码，例如 32、3201、320115。"))])


def quarter_from(value: str, field: str = "quarter") -> Quarter:
    """``2026Q3``. Raises ``InvalidInput`` in the words of the quarters themselves."""
    try:
        return Quarter.parse(value)
    except ValueError as error:
        cure = _("请写成 2026Q3 的形式。")
        raise InvalidInput([FieldProblem(field, _("季度"), str(error), cure)]) from error


def region_for(user: Actor, permission: str, code: str) -> Place:
    """The region of this code on which the person has the permission. Outside the scope it does not exist."""
    region = Place.objects.regions().select_related("city").filter(where(user, permission), code=code).first()
    if region is None:
        reason = _("没有代码为“%s”的地区，或它不在您的管辖范围内。") % code
        cure = _("请填本级或下级地区的行政区划代码，例如 32、3201、320115。")
        raise Problem("not-found", 404, reason, errors=[FieldProblem("region", _("地区"), reason, cure)])
    return region


# --- words of the OpenAPI document ----------------------------------------------------------------


def query(name: str, description: str, *, required: bool = False, enum: list[str] | None = None) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.QUERY, description=description, required=required, enum=enum
    )


PAGE_PARAMETERS = [
    OpenApiParameter("cursor", OpenApiTypes.STR, description="翻页位置：用上一页回答中 next 或 previous 的地址"),
    OpenApiParameter("page_size", OpenApiTypes.INT, description="每页行数，默认 25，最多 100"),
]

IDEMPOTENCY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="任意唯一文本（例如 UUID）。用同一个键重发同一请求，只执行一次，并得到同样的回答；24 小时内有效。",
)

_PROBLEMS = {
    400: "内容需要修改：逐项给出字段、原因和办法",
    401: "未登录或令牌无效",
    403: "不允许，附原因",
    404: "没有，或不在管辖或所属范围内",
    409: "与现状冲突：版本已变，或现在不能这样做",
    415: "不支持的内容类型",
    422: "幂等键已用于另一个请求",
    429: "过于频繁",
}


def problems(*codes: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The error answers of an operation, each a problem document."""
    return {
        (code, CONTENT_TYPE): OpenApiResponse(ConflictSerializer if code == 409 else ProblemSerializer, _PROBLEMS[code])
        for code in (401, *codes)
    }


WRITE_PROBLEMS = (400, 403, 404, 409, 415, 422, 429)
