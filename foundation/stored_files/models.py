"""The row of an uploaded file; rooms have tables of their own."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.access.rules import ScopedQuerySet
from foundation.files.keeping import random_name
from foundation.labels import Label


class StoredFile(models.Model):
    """A file beside its owner (a record, a notice). Until its form is saved it belongs to the form (``form_token``) and
    its uploader only.

    A picture is kept without what the camera wrote into it (place, time, device), so the bytes differ from those
    uploaded: ``sha256`` is of the bytes kept, ``source_sha256`` of those that came.

    A room declares its table with the foreign key to the owner and what stands here without a value.
    """

    file_folder: ClassVar[str]
    #: The foreign key to the owner, null until the form is saved.
    owner_name: ClassVar[str]
    #: "每条记录": whose files are counted, in a refusal.
    owner_label: ClassVar[Label]
    #: Asked of the owner before a file is added or taken away.
    edit_permission: ClassVar[str]
    #: Asked of whoever uploads to a form not yet saved.
    create_permission: ClassVar[str]
    #: Audit events: this and ``_added``, ``_removed``, and ``_opened`` where ``logs_opening``. The room registers them.
    event: ClassVar[str]
    logs_opening: ClassVar[bool] = False
    #: URL names: this opens the file, ``_thumbnail`` and ``_remove`` do what they say.
    url_name: ClassVar[str]

    form_token = models.UUIDField(null=True, db_index=True)
    file = models.FileField(upload_to=random_name)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64, blank=True, default="")
    thumbnail = models.FileField(upload_to=random_name, blank=True, default="")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()
    view_permission: ClassVar[str]

    if TYPE_CHECKING:
        uploaded_by_id: int

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> Any:
        """What the file belongs to; None while its form is not saved."""
        return getattr(self, self.owner_name)
