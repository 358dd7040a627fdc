from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from bhp_site.core.changes import watch

        from .models import Person

        watch(Person)
