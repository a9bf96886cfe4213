from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "yiti.foundation.drafts"
    label = "drafts"
