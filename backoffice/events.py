"""Audit events that only commands write. Registered apart from them, so that the log's page knows their words."""

from django.utils.translation import gettext_lazy as _

from foundation.audit.log import register_event

DEMO_LOADED = "backoffice.demo_loaded"
REFERENCE_LOADED = "backoffice.reference_loaded"

register_event(DEMO_LOADED, _("载入演示数据"))
register_event(REFERENCE_LOADED, _("载入基础数据"))
