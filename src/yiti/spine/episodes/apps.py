from django.apps import AppConfig

from yiti.foundation.access import public as access


class EpisodesConfig(AppConfig):
    name = "yiti.spine.episodes"
    label = "episodes"

    def ready(self) -> None:
        access.register(
            access.Permission("episodes.write", zh="新建和书写就诊", en="Open visits and write in them"),
        )
