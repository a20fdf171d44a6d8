"""The pages of the portal among what is found: by name, by section, by the initials of either."""

import functools
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Actor
from foundation.places.models import pinyin_initials
from foundation.search.searchers import Hit, Searcher, Terms, holds, register_searcher
from foundation.ui.navigation import items_for

#: The labels of pages are few and stay; working their initials out anew for each search took a tenth of its time.
_initials = functools.lru_cache(maxsize=500)(pinyin_initials)


def find(user: Actor, terms: Terms, limit: int) -> Sequence[Hit]:
    """Only pages that the person may open."""
    hits: list[Hit] = []
    for item in items_for(user):
        label, section = str(item.label), str(item.section.label)
        if holds(f"{section} {label} {_initials(section)} {_initials(label)}", terms):
            hits.append(Hit(title=label, url=reverse(item.url_name), subtitle=section))
    return hits[:limit]


register_searcher(
    Searcher("pages", _("页面"), _("页面的名称，例如“填报进度”“设置 工作日”"), "layout-dashboard", find, order=5)
)
