"""Rows of registers from their factories."""

from django.db import models

from foundation.access.rules import verdict
from foundation.accounts.models import User
from foundation.crud.factories import factory_of
from foundation.crud.resource import Resource, all_resources
from indicators.loading import load_indicators
from indicators.models import Target
from tests.cast import Cast


def keeper(cast: Cast, resource: Resource) -> User:
    """Somebody of 江宁区 or above who may enter rows: the lowest office first."""
    people = (cast.county, cast.city, cast.province, cast.admin)
    return next(person for person in people if verdict(person, resource.permissions.change))


def sample(cast: Cast, resource: Resource) -> models.Model:
    """A row of the factory, in 江宁区."""
    if resource.model is Target:
        # There are targets of indicators only, and the cast has none of its own.
        load_indicators()
    return factory_of(resource).build(
        **({resource.place_field: place_of(cast, resource)} if resource.place_field else {})
    )


def place_of(cast: Cast, resource: Resource) -> models.Model:
    target = resource.model._meta.get_field(resource.place_field).related_model
    return cast.enterprise if target is type(cast.enterprise) else cast.places["320115"]


def one_of_each(cast: Cast) -> None:
    """A row of every register that is entered in a generic form, by whoever keeps it."""
    for resource in all_resources():
        if "create" in resource.pages:
            row = sample(cast, resource)
            values = {name: getattr(row, name) for name in resource.fields}
            resource.save(acting_user=keeper(cast, resource), values=values)
