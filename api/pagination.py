"""Lists as ``{"next", "previous", "results"}``: by cursor, so that page 4,000 costs what page 1 costs."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from api.problems import FieldProblem, InvalidInput


class PortalCursorPagination(CursorPagination):
    """Newest first unless the view says otherwise; 25 rows, at most 100 when asked."""

    ordering = ("-pk",)
    page_size_query_param = "page_size"
    max_page_size = 100

    def paginate_queryset(
        self, queryset: models.QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """The page. A cursor nobody gave out is refused."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError) as error:
            raise InvalidInput(
                [
                    FieldProblem(
                        "cursor",
                        _("翻页位置"),
                        _("翻页位置无法识别。"),
                        _("请使用上一页回答中 next 或 previous 的完整地址。"),
                    )
                ]
            ) from error

    def get_ordering(self, request: Request, queryset: models.QuerySet[Any], view: APIView) -> tuple[str, ...]:
        return tuple(getattr(view, "list_ordering", self.ordering))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The shape of a page for the OpenAPI document: at either end there is no further address."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }
