from django.apps import AppConfig


class HouseStyleConfig(AppConfig):
    name = "bhp_site.house_style"
    verbose_name = "House style"
