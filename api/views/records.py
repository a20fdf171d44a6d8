"""Records: list, file, change, decide. The same scope, forms, actions and words as the pages."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api.idempotency import idempotent
from api.inputs import StrictSerializer, body_object, missing, read, record_form
from api.kinds_schema import body_schema
from api.problems import FieldProblem, InvalidInput, Problem, field_problem, refusal_problem, validation_problems
from api.requests import ApiRequest
from api.serializers import ACTIONS, AttachmentSerializer, RecordRowSerializer, RecordSerializer
from api.views.base import (
    IDEMPOTENCY,
    PAGE_PARAMETERS,
    WRITE_PROBLEMS,
    PortalView,
    filtered,
    problems,
    quarter_from,
    query,
)
from enterprises.models import Enterprise
from foundation.access.rules import require, visible_or_404, where
from foundation.accounts.models import Actor
from foundation.places.models import Place
from foundation.refusals import Refused, Stale
from foundation.stored_files.actions import store_file
from records.core.actions import act, file_record, update_record
from records.core.filters import filter_for
from records.core.forms import RecordForm
from records.core.kinds import RecordKind, all_kinds, fact_by_code, kind_by_slug, kind_of
from records.core.models.record import RecordQuerySet
from records.core.values import differences, label_of, values_of
from records.evidence.views import attachment_open
from records.models import Attachment, Record, Status

_RELATIONS = ("enterprise", "office", "province", "city", "county")
_KIND = {"title": "记录类型", "type": "string"}
_ENTERPRISE = {"title": "企业", "type": ["string", "integer"], "description": "统一社会信用代码，也可用企业编号"}
_OFFICE = {"title": "产改办", "type": "string", "description": "本级填报时填：所在地区的行政区划代码"}
_VERSION = {"title": "版本", "type": "integer", "minimum": 1, "description": "您看到的版本；已变时回答 409"}


def _shown() -> RecordQuerySet:
    return Record.objects.select_related(*_RELATIONS)


def _specific(base: Record) -> Record:
    """The row as its own kind, with the relations already read."""
    record = base.specific()
    for name in _RELATIONS:
        setattr(record, name, getattr(base, name))
    return record


def _kind_from(slug: Any) -> RecordKind:
    if slug in (None, ""):
        raise InvalidInput([missing("kind", _("记录类型"))])
    try:
        return kind_by_slug(slug if isinstance(slug, str) else "")
    except LookupError as error:
        known = _("、").join(f"{kind.slug}（{kind.label}）" for kind in all_kinds())
        reason = _("没有“%s”这种记录类型。") % slug
        raise InvalidInput(
            [FieldProblem("kind", _("记录类型"), reason, _("请从这些类型中选择：%s。") % known)]
        ) from error


def _enterprise_from(user: Actor, value: Any) -> Enterprise:
    """By credit code or id. Outside the scope it does not exist."""
    if value in (None, "") or isinstance(value, bool):
        raise InvalidInput([missing("enterprise", _("企业"))])
    text = str(value).strip()
    lookup = (
        {"pk": int(text)} if text.isascii() and text.isdigit() and len(text) < 18 else {"credit_code": text.upper()}
    )
    found = Enterprise.objects.select_related("county", "place").visible_to(user).filter(**lookup).first()
    if found is None:
        reason = _("没有代码为“%s”的企业，或它不在您的管辖或所属范围内。") % text
        error = FieldProblem("enterprise", _("企业"), reason, _("请填 18 位统一社会信用代码，并与企业名录核对。"))
        raise Problem("not-found", 404, reason, errors=[error])
    return found


def _filer_members(kind: RecordKind) -> list[dict[str, Any]]:
    """How a body may say who reports: one schema for each way."""
    ways = [{"enterprise": _ENTERPRISE}] if kind.is_for_enterprises else []
    return [*ways, {"office": _OFFICE}] if kind.is_for_offices else ways


def _filer_from(user: Actor, kind: RecordKind, given: Mapping[str, Any]) -> Enterprise | Place:
    """The enterprise, or of a kind that offices report themselves the office, by the code of its region. Outside the scope
    it does not exist."""
    code = given.get("office")
    if not kind.is_for_offices or (kind.is_for_enterprises and code in (None, "")):
        return _enterprise_from(user, given.get("enterprise"))
    if code in (None, ""):
        raise InvalidInput([missing("office", _("产改办"))])
    found = Place.objects.filter(where(user, "records.create_own"), code=str(code).strip()).first()
    if found is None:
        reason = _("没有代码为“%s”的产改办，或它不是您所在的单位。") % code
        error = FieldProblem("office", _("产改办"), reason, _("请填本单位的行政区划代码，例如 3201。"))
        raise Problem("not-found", 404, reason, errors=[error])
    return found


def _typed_differences(form: RecordForm, current: Record) -> list[dict[str, str]]:
    """What was sent against what is stored now, as people read it."""
    stored = values_of(current)
    typed = form.blank()
    for name, value in form.values().items():
        setattr(typed, name, value)
    mine = {**stored, **{name: value for name, value in values_of(typed, {}).items() if name in form.values()}}
    return [
        {"field": change.field, "label": change.label, "current": change.old, "yours": change.new}
        for change in differences(form.kind, stored, mine)
    ]


class RecordView(PortalView):
    """What the views of one record share."""

    serializer_class: type[serializers.BaseSerializer[Record] | serializers.BaseSerializer[Attachment]] = (
        RecordSerializer
    )

    def base(self, pk: int) -> Record:
        return visible_or_404(_shown(), self.request.user, pk=pk)

    def whole(self, pk: int) -> dict[str, Any]:
        shown: dict[str, Any] = self.get_serializer(_specific(self.base(pk))).data
        return shown

    def refused(self, refusal: Refused | ValidationError, kind: RecordKind, form: RecordForm | None = None) -> Problem:
        """What an action refused, with the labels of the kind. A stale version comes with the record as it stands and,
        of a ``form`` that was sent, with what differs, so that a program can show both versions."""
        if isinstance(refusal, ValidationError):
            return InvalidInput(validation_problems(refusal, lambda name: label_of(kind, name)))
        members: dict[str, Any] = {}
        if isinstance(refusal, Stale) and isinstance(refusal.current, Record):
            members["current"] = self.get_serializer(refusal.current).data
            members["differences"] = _typed_differences(form, refusal.current) if form is not None else []
        return refusal_problem(refusal, lambda name: label_of(kind, name) if name else "", **members)


class RecordList(RecordView):
    serializer_class = RecordRowSerializer

    @extend_schema(
        operation_id="records_list",
        summary="记录列表",
        description=(
            "管辖或所属范围内的记录，最新的在前。带 fact 和 quarter 时，得到该数据项所数的那些记录。"
            "指定 kind 时还可用该类型自己的筛选项。"
        ),
        parameters=[
            query("kind", "记录类型，例如 ideology.lecture"),
            query("status", "状态", enum=Status.values),
            query("quarter", "统计季度，例如 2026Q3"),
            query("region", "行政区划代码：32、3201、320115"),
            query("enterprise", "统一社会信用代码"),
            query("fact", "数据项，例如 B01.sessions；须同时给出 quarter"),
            query("q", "标题、企业名称或编号中的文字"),
            *PAGE_PARAMETERS,
        ],
        responses={200: RecordRowSerializer(many=True), **problems(400)},
        tags=["records"],
    )
    def get(self, request: ApiRequest) -> Response:
        kind = _kind_from(request.query_params["kind"]) if request.query_params.get("kind") else None
        _check_fact(request)
        return self.answer_page(filtered(filter_for(kind), request, _shown().visible_to(request.user)))

    @extend_schema(
        operation_id="records_create",
        summary="新建记录（草稿）",
        parameters=[IDEMPOTENCY],
        request={
            "application/json": {
                "oneOf": [
                    body_schema(kind, {"kind": {**_KIND, "const": kind.slug}, **filer}, ["kind", *filer])
                    for kind in all_kinds()
                    for filer in _filer_members(kind)
                ]
            }
        },
        responses={201: RecordSerializer, **problems(*WRITE_PROBLEMS)},
        tags=["records"],
    )
    @idempotent
    def post(self, request: ApiRequest) -> Response:
        given = body_object(request.data)
        kind = _kind_from(given.get("kind"))
        filer = _filer_from(request.user, kind, given)
        require(request.user, "records.create" if isinstance(filer, Enterprise) else "records.create_own", filer)
        form = record_form(given, kind=kind, filer=filer, besides=("kind", "enterprise", "office"))
        try:
            record = file_record(acting_user=request.user, kind=kind, filer=filer, values=form.values())
        except (ValidationError, Refused) as refusal:
            raise self.refused(refusal, kind) from refusal
        shown = RecordSerializer(record, context=self.get_serializer_context()).data
        return Response(shown, status=201, headers={"Location": reverse("api:record", args=[record.pk])})


def _check_fact(request: ApiRequest) -> None:
    """A figure is opened by its code and its quarter, both known."""
    code = request.query_params.get("fact")
    if not code:
        return
    try:
        fact_by_code(code)
    except LookupError as error:
        reason = _("没有代码为“%s”的数据项。") % code
        cure = _("数据项代码见 /api/v1/kinds/ 中的 facts。")
        raise InvalidInput([FieldProblem("fact", _("数据项"), reason, cure)]) from error
    if not request.query_params.get("quarter"):
        raise InvalidInput([missing("quarter", _("季度"))])
    quarter_from(request.query_params["quarter"])


class RecordDetail(RecordView):
    @extend_schema(
        operation_id="records_retrieve",
        summary="一条记录",
        description="除列出的成员外，还有该记录类型自己的字段，按字段名放在顶层。",
        responses={200: RecordSerializer, **problems(404)},
        tags=["records"],
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        return Response(self.whole(pk))

    @extend_schema(
        operation_id="records_update",
        summary="修改记录",
        description="只写要改的字段；其余保留原值。草稿、已退回和已撤回的记录可以修改。",
        parameters=[IDEMPOTENCY],
        request={
            "application/json": {
                "oneOf": [body_schema(kind, {"version": _VERSION}, ["version"]) for kind in all_kinds()]
            }
        },
        responses={200: RecordSerializer, **problems(*WRITE_PROBLEMS)},
        tags=["records"],
    )
    @idempotent
    def patch(self, request: ApiRequest, pk: int) -> Response:
        given = body_object(request.data)
        base = self.base(pk)
        version = read(VersionOnly, {"version": given["version"]} if "version" in given else {})["version"]
        require(request.user, "records.edit", base)
        record, kind = _specific(base), kind_of(base)
        form = record_form(given, kind=kind, filer=record.filer, record=record, besides=("version",))
        try:
            update_record(acting_user=request.user, record_id=pk, version=version, values=form.values())
        except (ValidationError, Refused) as refusal:
            raise self.refused(refusal, kind, form) from refusal
        return Response(self.whole(pk))


class VersionOnly(StrictSerializer):
    version = serializers.IntegerField(label="版本", min_value=1)


class MoveInput(VersionOnly):
    reason = serializers.CharField(label="审核意见", required=False, allow_blank=True, allow_null=True)
    confirm_reason = serializers.CharField(
        label="核对说明",
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="提交时与 reason 相同；两者都写时以这一个为准",
    )
    confirmed = serializers.ListField(
        label="已核对",
        child=serializers.CharField(),
        required=False,
        allow_null=True,
        max_length=100,
        help_text="提交时：409 needs-confirmation 所列各处的 key；没有列出过的不算核对",
    )
    comments = serializers.DictField(
        label="逐项意见",
        child=serializers.CharField(allow_blank=True),
        required=False,
        allow_null=True,
        help_text="退回和重新打开时，对单个字段的意见：字段名 → 意见；attachments 指佐证材料",
    )


class RecordAct(RecordView):
    @extend_schema(
        operation_id="records_act",
        summary="提交、撤回、通过、退回、驳回、重新打开",
        description=(
            "退回、驳回和重新打开须写明原因（reason）；退回和重新打开还可带逐项意见（comments）。提交时如有异常（疑似重复、人数超过职工人数、达到上期三倍以上），"
            "回答 409 needs-confirmation，errors 中列出各处和它的 key；核对无误的，再提交时在 confirmed 中写上这些 key，"
            "在 reason（或 confirm_reason，两者相同）中写明原因，审核单位会看到。没有列出过的，写了原因也不算核对。"
        ),
        parameters=[IDEMPOTENCY, OpenApiParameter("action", str, OpenApiParameter.PATH, enum=ACTIONS)],
        request=MoveInput,
        responses={200: RecordSerializer, **problems(*WRITE_PROBLEMS)},
        tags=["records"],
    )
    @idempotent
    def post(self, request: ApiRequest, pk: int, action: str) -> Response:
        base = self.base(pk)
        given = read(MoveInput, request.data)
        reason = given.get("reason") or ""
        if action == "submit":
            reason = given.get("confirm_reason") or reason
        try:
            act(
                acting_user=request.user,
                record_id=base.pk,
                action=action,
                version=given["version"],
                reason=reason,
                confirmed=given.get("confirmed") or (),
                comments=given.get("comments"),
            )
        except (ValidationError, Refused) as refusal:
            raise self.refused(refusal, kind_of(base)) from refusal
        return Response(self.whole(pk))


class RecordAttachments(RecordView):
    serializer_class = AttachmentSerializer
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="records_attachments_list",
        summary="一条记录的佐证材料",
        responses={200: AttachmentSerializer(many=True), **problems(404)},
        tags=["records"],
    )
    def get(self, request: ApiRequest, pk: int) -> Response:
        files = Attachment.objects.visible_to(request.user).filter(record_id=self.base(pk).pk)
        return Response({"next": None, "previous": None, "results": self.get_serializer(files, many=True).data})

    @extend_schema(
        operation_id="records_attachments_create",
        summary="上传佐证材料",
        description="multipart/form-data，文件放在 file 中：照片、PDF 或 Office 文件。同一内容上传两次只留一份。",
        parameters=[IDEMPOTENCY],
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            }
        },
        responses={201: AttachmentSerializer, **problems(*WRITE_PROBLEMS)},
        tags=["records"],
    )
    @idempotent
    def post(self, request: ApiRequest, pk: int) -> Response:
        base = self.base(pk)
        upload = request.FILES.get("file")
        if upload is None:
            reason = _("没有收到文件。请重新选择。")
            raise InvalidInput(
                [FieldProblem("file", _("佐证材料"), reason, _("请以 multipart/form-data 发送，文件放在 file 中。"))]
            )
        require(request.user, "records.edit", base)
        try:
            attachment = store_file(Attachment, acting_user=request.user, upload=upload, owner=base)
        except Refused as refusal:
            raise InvalidInput([field_problem("file", _("佐证材料"), str(refusal))]) from refusal
        shown: Mapping[str, Any] = self.get_serializer(attachment).data
        return Response(shown, status=201, headers={"Location": shown["url"]})


class RecordAttachment(PortalView):
    serializer_class = AttachmentSerializer

    @extend_schema(
        operation_id="records_attachments_retrieve",
        summary="下载一份佐证材料",
        responses={(200, "application/octet-stream"): bytes, **problems(404)},
        tags=["records"],
    )
    def get(self, request: ApiRequest, pk: int, attachment: int) -> HttpResponseBase:
        """The page's own answer: same scope, same logging, same protection."""
        visible_or_404(Attachment.objects.select_related("record"), request.user, pk=attachment, record_id=pk)
        return attachment_open(request._request, attachment)
