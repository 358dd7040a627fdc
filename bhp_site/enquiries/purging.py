"""Delete the personal data of enquiries some time after they are closed."""

from .models import Enquiry


def purge_outdated() -> int:
    """Purge all outdated enquiries; return how many there were."""
    count = 0
    for enquiry in Enquiry.objects.outdated():
        enquiry.purge()
        count += 1
    return count
