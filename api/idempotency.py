"""``Idempotency-Key``: a write sent again (a lost answer, a double click, a retrying client) is done once.

same key, same request   the stored answer, with ``Idempotency-Replayed: true``
same key, other request  422
same key, still running  409 with ``Retry-After``

Only successes are stored: a refused request may be mended and sent again under its key.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from api.models import KEPT_FOR, LOST_AFTER, IdempotencyKey
from api.problems import FieldProblem, InvalidInput, Problem
from api.requests import ApiRequest
from foundation.saying import filled

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MAX_LENGTH = 200


def _part(value: Any) -> Any:
    """A value as it goes into the hash: a file by its content, everything else as it is."""
    if isinstance(value, UploadedFile):
        digest = hashlib.file_digest(value, "sha256").hexdigest()
        value.seek(0)
        return [value.name, digest]
    return value


def body_hash(request: Request) -> str:
    """A hash of what was sent, the same for any spelling of the same JSON."""
    data = request.data
    if hasattr(data, "lists"):
        data = {name: [_part(value) for value in values] for name, values in data.lists()}
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _key_of(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if len(key) > MAX_LENGTH:
        reason = filled(_("幂等键有 %(length)d 个字符，超过 %(limit)d 个。"), {"length": len(key), "limit": MAX_LENGTH})
        raise InvalidInput([FieldProblem(HEADER, _("幂等键"), reason, _("请改用较短的键，例如一个 UUID。"))])
    return key


def _claim(request: ApiRequest, key: str, what: str, digest: str) -> IdempotencyKey:
    """The row of this key: ours to fill (no status), or an earlier one with its answer."""
    now = timezone.now()
    IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(
                user=request.user, key=key, request=what, body_hash=digest, created_at=now
            )
    except IntegrityError:
        row = IdempotencyKey.objects.filter(user=request.user, key=key).first()
    if row is None:
        # The first request was refused in this very moment and took its key back.
        raise _still_running()
    if (row.request, row.body_hash) != (what, digest):
        raise Problem(
            "idempotency-mismatch", 422, _("这个幂等键已经用于另一个请求。请为新的请求换一个键，或原样重发原来的请求。")
        )
    if row.status is None:
        taken = IdempotencyKey.objects.filter(pk=row.pk, status=None, created_at__lt=now - LOST_AFTER)
        if not taken.update(created_at=now):
            raise _still_running()
    return row


def _still_running() -> Problem:
    return Problem(
        "idempotency-conflict",
        409,
        _("同一个请求正在处理。请稍等一秒，用同一个键重发，即可取得结果。"),
        headers={"Retry-After": "1"},
    )


def _replayed(row: IdempotencyKey) -> Response:
    headers = {REPLAYED: "true"}
    if row.location:
        headers["Location"] = row.location
    return Response(row.body, status=row.status, headers=headers)


def _answer(row: IdempotencyKey, work: Callable[[], Response]) -> Response:
    """Do the work and keep its answer, both or neither."""
    with transaction.atomic():
        response = work()
        row.status, row.location = response.status_code, response.headers.get("Location", "")
        row.body = json.loads(json.dumps(response.data, cls=JSONEncoder))
        row.save(update_fields=["status", "body", "location"])
    return response


def idempotent(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Decorates a ``post``, ``patch`` or ``put`` of a view. Without the header nothing changes."""

    @wraps(handler)
    def wrapped(self: Any, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        key = _key_of(request)
        if not key:
            return handler(self, request, *args, **kwargs)
        row = _claim(request, key, f"{request.method} {request.path}"[:300], body_hash(request))
        if row.status is not None:
            return _replayed(row)
        try:
            return _answer(row, lambda: handler(self, request, *args, **kwargs))
        except BaseException:
            IdempotencyKey.objects.filter(pk=row.pk, status=None).delete()
            raise

    return wrapped
