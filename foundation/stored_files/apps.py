"""Files that people upload."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoredFilesConfig(AppConfig):
    name = "foundation.stored_files"
    label = "stored_files"
    verbose_name = _("上传的文件")
