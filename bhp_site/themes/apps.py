from django.apps import AppConfig


class ThemesConfig(AppConfig):
    name = "bhp_site.themes"
    verbose_name = "Themes"
