"""Every register, read-only: list and detail of each ``foundation.crud`` resource, from its declaration."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django_filters import ChoiceFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.views.base import PAGE_PARAMETERS, PortalView, filtered, problems, query
from enterprises.models import Enterprise
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.crud.building import filterset_of
from foundation.crud.resource import Resource, all_resources
from foundation.fields import field_of
from foundation.places.models import Place

_TYPES: dict[type, type["serializers.Field[Any, Any, Any, Any]"]] = {
    int: serializers.IntegerField,
    str: serializers.CharField,
    bool: serializers.BooleanField,
    date: serializers.DateField,
    datetime: serializers.DateTimeField,
}


class RowRefSerializer(serializers.Serializer[models.Model]):
    """A row of another register."""

    id = serializers.CharField(source="pk")
    name = serializers.CharField(source="__str__")


def _plain(kind: type) -> "serializers.Field[Any, Any, Any, Any]":
    if kind is Decimal:
        return serializers.DecimalField(max_digits=None, decimal_places=None, read_only=True, allow_null=True)
    return _TYPES[kind](read_only=True, allow_null=True)


def _reference(field: "models.Field[Any, Any]") -> "serializers.Field[Any, Any, Any, Any]":
    """Places and enterprises by their official codes, other rows by number and name."""
    empty: dict[str, Any] = {"read_only": True, "allow_null": True} if field.null else {"read_only": True}
    if field.related_model is Place:
        return serializers.CharField(source=f"{field.name}.code", **empty)
    if field.related_model is Enterprise:
        return serializers.CharField(source=f"{field.name}.credit_code", **empty)
    return RowRefSerializer(**empty)


def serializer_of(resource: Resource) -> type[serializers.ModelSerializer[models.Model]]:
    """The key, the declared fields, the codes of province, city and county, and the version where rows have one."""
    meta = resource.model._meta
    made: dict[str, Any] = {"id": serializers.CharField(source="pk", read_only=True)}
    if isinstance(meta.pk, models.AutoField) or meta.pk.is_relation:
        made["id"] = serializers.IntegerField(source="pk", read_only=True)
    names: list[str] = ["id"]
    scope = [field.name for field in meta.concrete_fields if field.name in ("province", "city", "county")]
    version = ["version"] if resource.is_versioned else []
    for declared in dict.fromkeys((*(resource.api_fields or resource.fields), *scope, *version)):
        if isinstance(declared, tuple):
            name, kind = declared
            made[name] = _plain(kind)
        else:
            name, field = declared, field_of(resource.model, declared)
            if field.is_relation:
                made[name] = _reference(field)
            elif field.choices:
                made[name] = serializers.ChoiceField(choices=field.choices, read_only=True)
                made[f"{name}_label"] = serializers.CharField(source=f"get_{name}_display", read_only=True)
        names.append(name)
        if f"{name}_label" in made:
            names.append(f"{name}_label")
    inner = type("Meta", (), {"model": resource.model, "fields": tuple(names), "read_only_fields": tuple(names)})
    # The key, not the model: two registers may list the same rows.
    label = "".join(part.capitalize() for part in resource.key.replace("_", ".").split("."))
    return type(f"{label}Serializer", (serializers.ModelSerializer,), {**made, "Meta": inner})


class _RegisterView(PortalView):
    resource: Resource

    def rows(self, request: Request) -> models.QuerySet[models.Model]:
        user = cast(Actor, request.user)  # signed in: the permission classes see to it
        require(user, self.resource.permissions.view)
        related = [field.name for field in self.resource.model._meta.concrete_fields if field.is_relation]
        serializer = cast(serializers.Serializer[models.Model], self.get_serializer())
        shown = {str(field.source).partition(".")[0] for field in serializer.fields.values()}
        return self.resource.rows(user).select_related(*(name for name in related if name in shown))


class RegisterList(_RegisterView):
    """The filters of the page, by cursor."""

    #: The order of pages by cursor; a list's own may rest on what no cursor can hold.
    list_ordering = ("pk",)

    def get(self, request: Request) -> Response:
        return self.answer_page(filtered(filterset_of(self.resource), request, self.rows(request)))


class RegisterDetail(_RegisterView):
    def get(self, request: Request, key: Any) -> Response:
        found = filterset_of(self.resource)({"state": "all"}, queryset=self.rows(request), request=request)
        return Response(self.get_serializer(get_object_or_404(found.qs, **{self.resource.lookup: key})).data)


def _parameters(resource: Resource) -> Iterable[OpenApiParameter]:
    for name, declared in filterset_of(resource).base_filters.items():
        choices = declared.extra.get("choices") if isinstance(declared, ChoiceFilter) else None
        enum = [str(value) for value, _label in choices] if isinstance(choices, list | tuple) else None
        yield query(name, str(declared.label), enum=enum)


def _views(resource: Resource) -> tuple[type[PortalView], type[PortalView]]:
    """The two views of a register, described for the OpenAPI document."""
    name, tags, serializer = resource.plural_name, [resource.address], serializer_of(resource)
    given = {"resource": resource, "serializer_class": serializer}
    listed = extend_schema(
        operation_id=f"{name}_list",
        summary=resource.heading,
        parameters=[*_parameters(resource), *PAGE_PARAMETERS],
        responses={200: serializer(many=True), **problems(400, 403)},
        tags=tags,
    )
    key = OpenApiTypes.INT if resource.lookup == "pk" else OpenApiTypes.STR
    one = extend_schema(
        operation_id=f"{name}_retrieve",
        summary=f"{resource.heading}：一项",
        parameters=[OpenApiParameter("key", key, OpenApiParameter.PATH)],
        responses={200: serializer, **problems(403, 404)},
        tags=tags,
    )
    return (
        extend_schema_view(get=listed)(type(f"{name.title()}List", (RegisterList,), given)),
        extend_schema_view(get=one)(type(f"{name.title()}Detail", (RegisterDetail,), given)),
    )


def register_urls() -> list[URLPattern]:
    """``organisations/`` and ``organisations/<key>/`` of every register that has an API."""
    made: list[URLPattern] = []
    for resource in all_resources():
        if resource.has_api:
            listed, one = _views(resource)
            part = "<int:key>" if resource.lookup == "pk" else "<slug:key>"
            made += [
                path(f"{resource.address}/", listed.as_view(), name=resource.plural_name),
                path(f"{resource.address}/{part}/", one.as_view(), name=resource.name),
            ]
    return made
