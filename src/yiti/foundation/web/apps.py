from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "yiti.foundation.web"
    label = "web"
