from django.apps import AppConfig
from django.db.models.signals import post_delete, pre_delete
from wagtail.signals import unpublished


class PartnersConfig(AppConfig):
    name = "partners"

    def ready(self) -> None:
        """Connect the receivers of people and partners."""
        from bhp_site.core.caching.invalidation import invalidate_on_save
        from bhp_site.core.personal_data import sources
        from bhp_site.core.publishing.publication import publishing
        from bhp_site.core.roles import member_areas

        from .member_areas import (
            MemberArea,
            delete_group,
            find_partner_key,
            get_group,
            list_partner_choices,
        )
        from .models import PartnerPage, Person, PersonPage
        from .personal_data import PEOPLE
        from .publication import check_person, unpublish_person_page
        from .roles import keep_role_organisation

        sources.append(PEOPLE)
        invalidate_on_save(Person)
        member_areas.list_choices, member_areas.get_group = list_partner_choices, get_group
        member_areas.find_key = find_partner_key
        post_delete.connect(delete_group, sender=MemberArea)
        pre_delete.connect(keep_role_organisation, sender=PartnerPage)
        publishing.connect(check_person, sender=PersonPage)
        unpublished.connect(unpublish_person_page, sender=Person)
