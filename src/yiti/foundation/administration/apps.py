from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "yiti.foundation.administration"
    label = "administration"
