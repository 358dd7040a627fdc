from django.apps import AppConfig


class PressReleasesConfig(AppConfig):
    name = "bhp_site.press_releases"
    verbose_name = "Press releases"
