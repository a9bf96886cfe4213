from django.apps import AppConfig

from yiti.foundation.access import public as access


class AccountsConfig(AppConfig):
    name = "yiti.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        access.register(
            access.Permission("accounts.manage", zh="管理账号", en="Manage accounts"),
        )
