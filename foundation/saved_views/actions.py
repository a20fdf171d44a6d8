"""Keeping, renaming and dropping a person's own views of lists."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.access.rules import require
from foundation.access.signin import home_of
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.fields import longest
from foundation.saved_views.models import SavedView
from foundation.saying import filled

# The names are those of the entries that are already written.
register_event("crud.view_saved", gettext_lazy("保存列表视图"))
register_event("crud.view_renamed", gettext_lazy("改名列表视图"))
register_event("crud.view_made_default", gettext_lazy("设置默认列表视图"))
register_event("crud.view_deleted", gettext_lazy("删除列表视图"))

#: More chips than this above a list help nobody.
VIEWS_PER_PAGE = 12
#: Where in the list one is, is no part of a view.
_NOT_KEPT = ("page", "all", "chosen", "csrfmiddlewaretoken")


def clean_query(query: str) -> str:
    """The filters, sorting and columns of a query string, without empty values."""
    given = QueryDict(query)
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        if name not in _NOT_KEPT and any(values):
            kept.setlist(name, [value for value in values if value])
    return kept.urlencode()


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    limit = longest(SavedView, "name")
    if not name:
        raise ValidationError(_("请给视图起个名字，例如“本季待审”。"))
    if len(name) > limit:
        raise ValidationError(filled(_("视图名称最多 %d 个字。请改短一些。"), limit))
    return name


@transaction.atomic
def save_view(*, acting_user: Actor, page: str, name: str, query: str) -> SavedView:
    """Keep a list's query under a name; the same name again replaces what it kept. Raises ``ValidationError``."""
    require(acting_user, "saved_views.own")
    name, query = _clean_name(name), clean_query(query)
    if len(query) > longest(SavedView, "query"):
        raise ValidationError(_("筛选条件太长，不能保存。请减少条件后再试。"))
    own = SavedView.objects.filter(user=acting_user, page=page)
    if not own.filter(name=name).exists() and own.count() >= VIEWS_PER_PAGE:
        raise ValidationError(filled(_("每个列表最多保存 %d 个视图。请先删除不用的。"), VIEWS_PER_PAGE))
    view, _created = SavedView.objects.update_or_create(
        user=acting_user, page=page, name=name, defaults={"query": query}
    )
    log("crud.view_saved", by=acting_user, on=view, place=home_of(acting_user))
    return view


@transaction.atomic
def rename_view(*, acting_user: Actor, view: SavedView, name: str) -> SavedView:
    """Raises ``ValidationError`` when the name is taken or unusable."""
    require(acting_user, "saved_views.own", view)
    name = _clean_name(name)
    if SavedView.objects.filter(user=acting_user, page=view.page, name=name).exclude(pk=view.pk).exists():
        raise ValidationError(_("您已经有一个叫“%s”的视图。请换个名字。") % name)
    changes = {str(_("名称")): [view.name, name]}
    view.name = name
    view.save(update_fields=["name"])
    log("crud.view_renamed", by=acting_user, on=view, changes=changes, place=home_of(acting_user))
    return view


@transaction.atomic
def make_default(*, acting_user: Actor, view: SavedView, is_default: bool) -> SavedView:
    """The list opens with this view from now on, instead of with any other; or with none."""
    require(acting_user, "saved_views.own", view)
    SavedView.objects.filter(user=acting_user, page=view.page, is_default=True).update(is_default=False)
    view.is_default = is_default
    view.save(update_fields=["is_default"])
    note = "" if is_default else _("取消默认")
    log("crud.view_made_default", by=acting_user, on=view, note=note, place=home_of(acting_user))
    return view


@transaction.atomic
def delete_view(*, acting_user: Actor, view: SavedView) -> None:
    require(acting_user, "saved_views.own", view)
    log("crud.view_deleted", by=acting_user, on=view, place=home_of(acting_user))
    view.delete()
