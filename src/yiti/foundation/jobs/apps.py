from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "yiti.foundation.jobs"
    label = "jobs"
