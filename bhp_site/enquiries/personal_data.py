"""Personal data of people who sent an enquiry."""

from typing import Any

from bhp_site.core.personal_data import PersonalDataSource

from .models import Enquiry


def collect(address: str) -> list[dict[str, Any]]:
    """Return the enquiries that were sent with an address."""
    return [
        {
            "reference": enquiry.reference,
            "subject": enquiry.subject,
            "received": enquiry.created_at.isoformat(),
            "status": enquiry.get_status_display(),
            **{name: getattr(enquiry, name) for name in Enquiry.PERSONAL},
        }
        for enquiry in Enquiry.objects.filter(email__iexact=address)
    ]


def delete(address: str) -> int:
    """Delete the personal data of the address's enquiries, and return how many those were.

    What was requested, and when, is kept.
    """
    enquiries = [*Enquiry.objects.filter(email__iexact=address)]
    for enquiry in enquiries:
        enquiry.purge()
    return len(enquiries)


ENQUIRIES = PersonalDataSource("Enquiries", collect, delete)
