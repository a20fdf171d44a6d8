from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    label = "enterprises"
    verbose_name = _("企业")

    def ready(self) -> None:
        from enterprises import accounts, facts, navigation, notifications, permissions  # noqa: F401, PLC0415 -- registers on import
        from enterprises.bases import consequences as base_consequences  # noqa: F401, PLC0415 -- registers on import
        from enterprises.bases import facts as base_facts  # noqa: F401, PLC0415
        from enterprises.bases import panel as base_panel  # noqa: F401, PLC0415 -- registers on import
        from enterprises.bases import permissions as base_permissions  # noqa: F401, PLC0415
        from enterprises.bodies import consequences as body_consequences  # noqa: F401, PLC0415 -- registers on import
        from enterprises.bodies import facts as body_facts  # noqa: F401, PLC0415
        from enterprises.bodies import panel as body_panel  # noqa: F401, PLC0415
        from enterprises.bodies import permissions as body_permissions  # noqa: F401, PLC0415
        from enterprises.exchange import importing  # noqa: F401, PLC0415 -- registers on import
        from enterprises.fostering import consequences as fostering_consequences  # noqa: F401, PLC0415
        from enterprises.fostering import facts as fostering_facts  # noqa: F401, PLC0415
        from enterprises.fostering import panel as fostering_panel  # noqa: F401, PLC0415 -- registers on import
        from enterprises.fostering import permissions as fostering_permissions  # noqa: F401, PLC0415
        from enterprises.organisations import permissions as organisation_permissions  # noqa: F401, PLC0415
        from enterprises.pilots import consequences as pilot_consequences  # noqa: F401, PLC0415
        from enterprises.pilots import facts as pilot_facts  # noqa: F401, PLC0415
        from enterprises.pilots import panel  # noqa: F401, PLC0415 -- registers on import
        from enterprises.pilots import permissions as pilot_permissions  # noqa: F401, PLC0415
        from enterprises.profiles import facts as profile_facts  # noqa: F401, PLC0415
        from enterprises.profiles import panel as profile_panel  # noqa: F401, PLC0415
        from enterprises.profiles import permissions as profile_permissions  # noqa: F401, PLC0415
        from enterprises.towns import consequences  # noqa: F401, PLC0415 -- registers on import
        from enterprises.towns import panel as town_panel  # noqa: F401, PLC0415
