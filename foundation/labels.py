"""The type of a text shown to people that is translated when it is shown, not when the module is loaded."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    # The class exists in the type stubs only: a promise that behaves like the str it becomes.
    from django.utils.functional import _StrPromise as LazyText
else:
    from django.utils.functional import Promise as LazyText

Label: TypeAlias = str | LazyText
