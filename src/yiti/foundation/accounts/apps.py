from django.apps import AppConfig

from yiti.foundation.access import public as access
from yiti.foundation.accounts.domain import ADMINISTER


class AccountsConfig(AppConfig):
    name = "yiti.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        access.register(
            access.Permission("accounts.manage", zh="管理账号", en="Manage accounts"),
            access.Permission(ADMINISTER, zh="三员之一，须用验证器登录", en="Be one of the three"),
        )
