from django.apps import AppConfig

from yiti.foundation.access import public as access


class FacilitiesConfig(AppConfig):
    name = "yiti.registry.facilities"
    label = "facilities"

    def ready(self) -> None:
        access.register(
            access.Permission("facilities.update_beds", zh="更新床位牌", en="Update the bed board"),
            access.Permission("facilities.oversee", zh="查看下级机构的工作", en="See the work of members"),
            access.Permission("facilities.manage", zh="维护机构资料", en="Maintain institutions"),
        )
