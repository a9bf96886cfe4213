from django.apps import AppConfig

from yiti.foundation.access import public as access


class AuditConfig(AppConfig):
    name = "yiti.foundation.audit"
    label = "audit"

    def ready(self) -> None:
        access.register(access.Permission("audit.read", zh="查看审计记录", en="Read the audit trail"))
