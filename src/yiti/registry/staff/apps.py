from django.apps import AppConfig

from yiti.foundation.access import public as access


class StaffConfig(AppConfig):
    name = "yiti.registry.staff"
    label = "staff"

    def ready(self) -> None:
        access.register(
            access.Permission("staff.manage", zh="管理人员和岗位", en="Manage staff and postings"),
        )
