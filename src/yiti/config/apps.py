from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Wires the rooms together once all of them are ready."""

    name = "yiti.config"
    label = "wiring"

    def ready(self) -> None:
        from yiti.config import acts, events, limits, slots  # noqa: PLC0415  rooms must be loaded first

        acts.register()
        slots.register()
        events.register()
        limits.register()
