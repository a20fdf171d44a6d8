from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "foundation.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        # Models are ready only now.
        from foundation.accounts.second_factor import replace_check_of_codes  # noqa: PLC0415

        replace_check_of_codes()
