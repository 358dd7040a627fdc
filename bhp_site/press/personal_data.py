"""Personal data of journalists: the press list, and releases that were sent under embargo."""

from typing import Any

from bhp_site.core.personal_data import PersonalDataSource

from .models import PressContact, ReleaseRecipient


def collect(address: str) -> list[dict[str, Any]]:
    """Return the entries of the press list with an address, and releases that were sent to it."""
    contacts = [contact.as_dict() for contact in PressContact.objects.filter(email__iexact=address)]
    recipients = ReleaseRecipient.objects.filter(email__iexact=address, contact=None)
    return contacts + [
        {
            "name": recipient.name,
            "outlet": recipient.outlet,
            "email": recipient.email,
            "release": recipient.page.title,
            "sent_on": recipient.created_at.isoformat(),
        }
        for recipient in recipients.select_related("page")
    ]


def delete(address: str) -> int:
    """Delete the address's entries, end its links, and return how many rows were concerned."""
    contacts = [*PressContact.objects.filter(email__iexact=address)]
    for contact in contacts:
        contact.delete()
    recipients = [*ReleaseRecipient.objects.filter(email__iexact=address)]
    for recipient in recipients:
        recipient.forget()
    return len(contacts) + len(recipients)


PRESS = PersonalDataSource("Press list", collect, delete)
