from django.apps import AppConfig

from yiti.foundation.access import public as access


class HandoffsConfig(AppConfig):
    name = "yiti.spine.handoffs"
    label = "handoffs"

    def ready(self) -> None:
        access.register(
            access.Permission("handoffs.read", zh="看工作台和交接", en="See the work list and handoffs"),
            access.Permission("handoffs.urge", zh="催办", en="Remind whoever has a handoff in hand"),
        )
