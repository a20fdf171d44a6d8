"""Sample rows of registers: what tests and sample data are made of.

Each room declares a factory for each of its registers in its own ``factories.py``; a register without one fails a contract
test. A factory builds (never saves) a complete, valid row; where it lies (``Resource.place_field``) is given to it.
"""

import functools
from typing import Any

import factory
from django.db import models
from django.utils.module_loading import autodiscover_modules

from foundation.crud.resource import Resource

_factories: dict[str, type["RegisterFactory"]] = {}


class RegisterFactory(factory.django.DjangoModelFactory[models.Model]):
    """Base of all. Randomness comes from ``factory.random``, so that a seed makes the same rows again."""

    class Meta:
        abstract = True


def register_sample(key: str) -> Any:
    """Class decorator: the factory of the register of this key. A second one is an error."""

    def declare(made: type[RegisterFactory]) -> type[RegisterFactory]:
        if _factories.setdefault(key, made) is not made:
            raise ValueError(f"register {key!r} has two factories")
        return made

    return declare


@functools.cache
def _discover() -> None:
    """Import every app's ``factories``, once: only then, because nothing but samples needs them."""
    autodiscover_modules("factories")


def factory_of(resource: Resource) -> type[RegisterFactory]:
    """Raises ``LookupError`` for a register nobody declared a factory for."""
    _discover()
    try:
        return _factories[resource.key]
    except KeyError:
        message = f"register {resource.key!r} has no factory: declare one in its room's factories.py"
        raise LookupError(message) from None
