"""Model fields whose values stand encrypted in the database and plain in Python.

They cannot be searched, sorted or compared in the database (the same value is stored differently each time); the only
lookup is ``isnull``. ``None`` stays NULL, so that "nobody said" can be asked; an empty text is encrypted like any other.
"""

import json
from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from foundation.crypto.cipher import decrypt, encrypt


class _EncryptedField(models.Field):  # type: ignore[type-arg]  # generic in the stubs only
    """What both fields share. ``context`` is bound into each value; it is ``table.column`` unless given.

    Give ``context`` the former ``table.column`` when a table or column is renamed, or its values become unreadable.
    """

    empty_strings_allowed = True

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.context = context
        for option in ("db_index", "unique", "primary_key"):
            if kwargs.get(option):
                raise FieldError(f"an encrypted field cannot be {option}: equal values are stored differently")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.context:
            kwargs["context"] = self.context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "TextField"

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and knows no lookup but isnull, not {lookup_name}")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        return None

    def value_to_text(self, value: Any) -> str:
        return str(value)

    def text_to_value(self, text: str) -> Any:
        return text

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        return encrypt(self.value_to_text(value), context=self._bound_context())

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        if value is None:
            return None
        return self.text_to_value(decrypt(value, context=self._bound_context()))

    def _bound_context(self) -> str:
        return self.context or f"{self.model._meta.db_table}.{self.column}"


class EncryptedTextField(_EncryptedField):
    """Text, encrypted."""

    description = _("加密的文本")

    def to_python(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else str(value)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        widget: dict[str, Any] = {} if self.choices is not None else {"widget": forms.Textarea}
        return super().formfield(*args, **{**widget, **kwargs})


class EncryptedJSONField(_EncryptedField):
    """Anything JSON can hold, encrypted as one text; dates, decimals and UUIDs come back as text, as in JSONField.

    As in ``JSONField`` a ``None`` is stored as SQL NULL.
    """

    description = _("加密的 JSON 数据")
    empty_strings_allowed = False

    def value_to_text(self, value: Any) -> str:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))

    def text_to_value(self, text: str) -> Any:
        return json.loads(text)

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return super().formfield(*args, **{"form_class": forms.JSONField, **kwargs})
