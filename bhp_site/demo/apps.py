from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "bhp_site.demo"
