from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "bhp_site.press"
    label = "press"
    verbose_name = "Press"
