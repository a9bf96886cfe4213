from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "yiti.foundation.outbox"
    label = "outbox"
