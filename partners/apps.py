from django.apps import AppConfig
from django.db.models.signals import pre_delete


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        from bhp_site.core.changes import watch

        from .models import PartnerPage, Person
        from .people import keep_place

        watch(Person)
        pre_delete.connect(keep_place, sender=PartnerPage)
