from django.apps import AppConfig

from yiti.foundation.access import public as access


class TerminologyConfig(AppConfig):
    name = "yiti.registry.terminology"
    label = "terminology"

    def ready(self) -> None:
        access.register(access.Permission("terminology.manage", zh="发布编码表", en="Publish code systems"))
