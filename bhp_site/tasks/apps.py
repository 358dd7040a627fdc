from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "bhp_site.tasks"
    verbose_name = "Background tasks"
