"""Errors as problem details (RFC 9457). Every refused value names its field, the reason and the cure.

The words are those of the pages: the messages of forms, rules and actions arrive here whole and are only taken apart
into reason (the whole message) and cure (the part that says what to do).
"""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, ValidationError
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from foundation.access.rules import AccessDenied
from foundation.labels import Label
from foundation.refusals import NeedsConfirmation, Refused, Stale
from foundation.saying import filled
from foundation.ui.faults import fault_of
from records.core.line_forms import LineProblem, LinesField
from records.core.lines import place_in, place_label

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:portal:"

TITLES: dict[str, Label] = {
    "validation": gettext_lazy("提交的内容需要修改"),
    "unreadable": gettext_lazy("请求内容无法读取"),
    "unauthenticated": gettext_lazy("需要登录"),
    "forbidden": gettext_lazy("没有权限"),
    "not-found": gettext_lazy("没有找到"),
    "method-not-allowed": gettext_lazy("这个地址不接受这种请求方法"),
    "not-acceptable": gettext_lazy("无法按要求的格式回答"),
    "stale-version": gettext_lazy("内容已有新版本"),
    "needs-confirmation": gettext_lazy("提交前需要核对"),
    "refused": gettext_lazy("现在不能这样做"),
    "idempotency-conflict": gettext_lazy("同一请求正在处理"),
    "idempotency-mismatch": gettext_lazy("幂等键已用于另一个请求"),
    "too-large": gettext_lazy("请求内容太大"),
    "unsupported-media-type": gettext_lazy("不支持的内容类型"),
    "too-many-requests": gettext_lazy("请求过于频繁"),
    "unavailable": gettext_lazy("暂时无法使用"),
    "server-error": gettext_lazy("系统内部出错"),
}


@dataclass(frozen=True)
class FieldProblem:
    """One refused value. ``reason`` is the whole message, ``cure`` the part that says what to do; an empty ``field``
    means the whole request."""

    field: str
    label: str
    reason: str
    cure: str


@dataclass(frozen=True)
class QuestionProblem(FieldProblem):
    """Something unusual that may be right: confirmed by its ``key``."""

    key: str


class Problem(exceptions.APIException):
    """An answer that is an error. ``slug`` is one of ``TITLES``; ``members`` are extra members of the body."""

    def __init__(
        self,
        slug: str,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.slug, self.status_code, self.text = slug, status, detail
        self.errors, self.headers, self.members = list(errors), headers or {}, members


class InvalidInput(Problem):
    """400: what was sent cannot be taken. Names every field at once."""

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__("validation", 400, _summary(errors), errors=errors)


def _summary(errors: Sequence[FieldProblem]) -> str:
    if len(errors) == 1:
        return errors[0].reason
    names = _("、").join(dict.fromkeys(error.label or error.field for error in errors if error.label or error.field))
    return filled(_("有 %(count)d 处需要修改：%(names)s。"), {"count": len(errors), "names": names or _("整条内容")})


# --- from the pages' messages to field problems -------------------------------------------------

_ASKING = ("请", "可以", "可先", "应", "须", "需")


def cure_in(message: str) -> str:
    """The part of a message that says what to do; empty when it says none. Citations are no cure."""
    text = message.partition("（依据：")[0].strip()
    sentences = [part for part in re.split(r"(?<=[。！？])", text) if part.strip()]
    rest = "".join(sentences[1:]).strip()
    if any(word in rest for word in _ASKING):
        return rest
    clauses = re.split(r"(?<=[，；：])", sentences[0]) if sentences else []
    for index, clause in enumerate(clauses):
        if "请" in clause:
            return "".join(clauses[index:]).strip()
    return ""


def field_problem(field: str, label: str, message: str, cure: str = "") -> FieldProblem:
    """One message about one field, with a cure found in it or a plain one."""
    plain = _("请修改“%s”后重新发送。") % label if label else _("请核对各项内容后重新发送。")
    return FieldProblem(field, label, message, cure or cure_in(message) or plain)


def _choices_cure(field: forms.Field) -> str:
    choices = [f"{value}（{label}）" for value, label in getattr(field, "choices", []) if value not in (None, "")]
    return _("请从这些值中选择：%s。") % _("、").join(choices) if choices else ""


def form_problems(form: forms.BaseForm) -> list[FieldProblem]:
    """What a form refused, in its own words."""
    found: list[FieldProblem] = []
    for name, errors in form.errors.as_data().items():
        field = form.fields.get(name)
        key, label = ("", "") if field is None else (name, str(field.label or name))
        for error in errors:
            if isinstance(error, LineProblem) and isinstance(field, LinesField):
                cell = place_in(error.path)[1]
                where = place_label(field.lines, cell)
                of_cell = field.row_form.base_fields.get(cell.field)
                choices = _choices_cure(of_cell) if of_cell is not None else ""
                found.extend(field_problem(error.path, where, message, choices) for message in error.messages)
                continue
            cure = _choices_cure(field) if error.code == "invalid_choice" and field is not None else ""
            found.extend(field_problem(key, label, message, cure) for message in error.messages)
    return found


def validation_problems(error: ValidationError, label_of: Callable[[str], str]) -> list[FieldProblem]:
    """What an action refused: messages by field, or about the whole."""
    if not hasattr(error, "error_dict"):
        return [field_problem("", "", message) for message in error.messages]
    found: list[FieldProblem] = []
    for name, messages in error.message_dict.items():
        whole = name == NON_FIELD_ERRORS
        key, label = ("", "") if whole else (name, label_of(name))
        found.extend(field_problem(key, label, message) for message in messages)
    return found


# --- the handler --------------------------------------------------------------------------------


def _csrf_failed(exc: Exception) -> bool:
    return str(getattr(exc, "detail", "")).startswith("CSRF Failed")


def refusal_problem(refusal: Refused, label_of: Callable[[str], str] = str, **members: Any) -> Problem:
    """What an action refused. ``label_of`` gives the label of a field; ``members`` are further members of the body.

    Questions come with their keys: the next request confirms exactly these with ``confirmed``, and a ``reason``."""
    if isinstance(refusal, AccessDenied):
        return Problem("forbidden", 403, str(refusal), **members)
    if isinstance(refusal, Stale):
        cure = _("请按现在的版本 %d 核对后重新发送。") % refusal.version
        error = FieldProblem("version", _("版本"), str(refusal), cure)
        return Problem("stale-version", 409, str(refusal), errors=[error], current_version=refusal.version, **members)
    if isinstance(refusal, NeedsConfirmation):
        cure = _("请核对；确实无误的，在 confirmed 中写上各处的 key 再提交。")
        if refusal.needs_reason:
            cure = _("请核对；确实无误的，在 confirmed 中写上各处的 key，在 reason 中写明原因，再提交。")
        found = [
            QuestionProblem(asked.field, label_of(asked.field), asked.message, cure, asked.key)
            for asked in refusal.questions
        ]
        rows = sorted({row.pk for asked in refusal.questions for row in asked.rows})
        return Problem(
            "needs-confirmation",
            409,
            str(refusal),
            errors=found,
            needs_reason=refusal.needs_reason,
            similar_records=rows,
            **members,
        )
    if refusal.field:
        return InvalidInput([field_problem(refusal.field, label_of(refusal.field), str(refusal), refusal.cure)])
    return Problem("refused", refusal.status_code, str(refusal), **members)


def _refusal(exc: Exception) -> Problem | None:
    """Refusals by the portal's own rules and actions."""
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, Refused):
        return refusal_problem(exc)
    if isinstance(exc, ValidationError):
        return InvalidInput(validation_problems(exc, lambda name: name))
    return None


def _of_the_framework(exc: Exception) -> Problem | None:
    """What Django and the REST framework raise, in the portal's words."""
    if isinstance(exc, exceptions.AuthenticationFailed):
        detail = _("访问令牌无效，或账号已停用。请核对令牌；需要新令牌请联系系统管理员。")
    elif isinstance(exc, exceptions.NotAuthenticated):
        detail = _("请先登录，或在请求头中写上 Authorization: Token 加您的访问令牌。")
    else:
        detail = ""
    if detail:
        return Problem(
            "unauthenticated",
            401,
            detail,
            headers={"WWW-Authenticate": getattr(exc, "auth_header", "Token")},
        )
    if _csrf_failed(exc):
        return Problem(
            "forbidden",
            403,
            _("缺少防伪校验或已过期。请在请求头 X-CSRFToken 中带上 Cookie 里的 csrftoken，或改用访问令牌。"),
        )
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        return Problem("forbidden", 403, _("您的角色不能这样做。如确有需要，请联系管理员。"))
    if isinstance(exc, Http404 | exceptions.NotFound):
        return Problem("not-found", 404, _("没有找到，或不在您的管辖或所属范围内。请核对地址中的编号或代码。"))
    return _of_the_transport(exc)


def _of_the_transport(exc: Exception) -> Problem | None:
    if isinstance(exc, exceptions.MethodNotAllowed):
        return Problem("method-not-allowed", 405, _("这个地址不接受 %s 请求。可用的方法见响应头 Allow。") % exc.args[0])
    if isinstance(exc, exceptions.NotAcceptable):
        return Problem("not-acceptable", 406, _("只能以 JSON 回答。请把请求头 Accept 改为 application/json。"))
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return Problem(
            "unsupported-media-type",
            415,
            _("不支持这种内容类型。请以 application/json 发送；上传文件用 multipart/form-data。"),
        )
    if isinstance(exc, exceptions.ParseError):
        return Problem(
            "unreadable", 400, _("请求体不是有效的 JSON 或表单。请检查引号、逗号和编码（UTF-8）后重新发送。")
        )
    if isinstance(exc, RequestDataTooBig):
        return Problem("too-large", 413, _("请求内容超过了上限。请减少内容；文件请用附件接口上传。"))
    if isinstance(exc, exceptions.Throttled):
        wait = max(1, int(getattr(exc, "wait", None) or 1))
        return Problem(
            "too-many-requests", 429, _("请求过于频繁。请 %d 秒后再试。") % wait, headers={"Retry-After": str(wait)}
        )
    return None


def _of_the_machine(exc: Exception) -> Problem | None:
    """A busy database, a full disk: come again."""
    fault = fault_of(exc)
    if fault is None:
        return None
    detail = fault.reason
    if fault.is_busy:
        detail = _("平台正忙，请求没有执行。请 %d 秒后重新发送；写入请求请带上 Idempotency-Key。") % fault.retry_after
    logger.warning("API request refused: %s", exc)
    return Problem("unavailable", 503, detail, headers={"Retry-After": str(fault.retry_after)})


def _unexpected(exc: Exception, context: dict[str, Any]) -> Problem:
    """Logged with its traceback and told to whoever listens for failed requests; the caller gets a number to quote."""
    request = context["request"]._request
    number = getattr(request, "request_id", "")
    logger.error("API request %s failed", number, exc_info=exc)
    got_request_exception.send(sender=type(context["view"]), request=request)
    return Problem(
        "server-error", 500, _("系统内部出错，已经记录。请稍后再试；仍不成功请把请求编号 %s 告诉管理员。") % number
    )


def body_of(problem: Problem, *, instance: str) -> dict[str, Any]:
    """The members of the problem document."""
    return {
        "type": TYPE_PREFIX + problem.slug,
        "title": str(TITLES[problem.slug]),
        "status": problem.status_code,
        "detail": problem.text,
        "instance": instance,
        "errors": [asdict(error) for error in problem.errors],
        **problem.members,
    }


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """REST_FRAMEWORK's EXCEPTION_HANDLER: whatever is raised becomes a problem document."""
    problem = _refusal(exc) or _of_the_framework(exc) or _of_the_machine(exc) or _unexpected(exc, context)
    set_rollback()
    body = body_of(problem, instance=context["request"].get_full_path())
    return Response(body, status=problem.status_code, headers=problem.headers, content_type=CONTENT_TYPE)


def unknown_names(names: Iterable[str], known: Iterable[str]) -> list[FieldProblem]:
    """One problem for each name nobody asked for."""
    usable = _("、").join(known)
    return [
        FieldProblem(name, "", _("没有“%s”这个字段。") % name, _("可用的字段：%s。请改正名称或去掉它。") % usable)
        for name in names
    ]
