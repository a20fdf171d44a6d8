"""Loading what ideological guidance needs before anyone can file: the categories of 三代表三委员."""

from foundation.loading import Loaded
from ideology.models import RepresentativeCategory

#: A proposal: the plan names 三代表三委员 without listing them, and no other source found does. 待核定.
CATEGORIES = (
    ("party-congress", "党代会代表"),
    ("people-congress", "人大代表"),
    ("group-congress", "群团组织代表大会代表"),
    ("party-committee", "党委委员"),
    ("cppcc", "政协委员"),
    ("group-committee", "群团组织委员会委员"),
)


def load_representative_categories() -> Loaded:
    """The proposed categories, when there are none at all: afterwards they are the province's."""
    if present := RepresentativeCategory.objects.count():
        return Loaded(unchanged=present)
    RepresentativeCategory.objects.bulk_create(
        RepresentativeCategory(code=code, name=name, order=order) for order, (code, name) in enumerate(CATEGORIES, 1)
    )
    return Loaded(created=len(CATEGORIES))
