from django.apps import AppConfig

from yiti.foundation.access import public as access


class ResidentsConfig(AppConfig):
    name = "yiti.registry.residents"
    label = "residents"

    def ready(self) -> None:
        access.register(
            access.Permission("residents.search", zh="查找居民", en="Find people"),
            access.Permission("residents.read", zh="打开居民档案", en="Open a resident's record"),
            access.Permission(
                "residents.write", zh="登记和修改居民档案", en="Register people, change records"
            ),
            access.Permission("residents.break_glass", zh="紧急调阅", en="Open a record in an emergency"),
            access.Permission("residents.merge", zh="合并重复档案", en="Merge duplicate records"),
        )
