from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "yiti.foundation.access"
    label = "access"
