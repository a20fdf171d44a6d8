"""Who may enter policy documents and say what answers them. Reading them is open to everyone who has signed in."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy

from foundation.access.models import Role
from foundation.access.rules import Rule, register_rule
from foundation.access.scope import Scope
from policies.models import Edition


@register_rule
class ManagePolicies(Rule[Edition]):
    """A document is carried out by the whole province: whoever holds the role holds it for every document."""

    name = "policies.manage"
    label = gettext_lazy("录入、发布和停用政策文件")
    roles = (Role.PROVINCE,)
    model = "policies.edition"

    def where(self, scope: Scope) -> Q:
        return Q()

    def reasons(self, scope: Scope, obj: Edition) -> Iterator[str]:
        yield from ()
