"""Personal data of users, and of people who are invited to have an account."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from bhp_site.core.personal_data import PersonalDataSource

from .models import AccountEvent, Invitation


def _find_events(address: str) -> Any:
    return AccountEvent.objects.filter(Q(address__iexact=address) | Q(user__email__iexact=address))


def collect_log(address: str) -> list[dict[str, Any]]:
    """Return the entries of the log of accounts, and invitations, with an address."""
    invitations = Invitation.objects.filter(email__iexact=address)
    return [
        *(
            {
                "invited": invitation.created_at.isoformat(),
                "name": invitation.name,
                "role": invitation.role,
            }
            for invitation in invitations
        ),
        *(
            {
                "event": event.label,
                "at": event.created_at.isoformat(),
                "network": event.network,
                "detail": event.detail,
            }
            for event in _find_events(address)
        ),
    ]


def delete_log(address: str) -> int:
    """Delete the address's invitations and entries, and return how many.

    Nothing of an active account is deleted: see `ACCOUNT_LOG`.
    """
    if get_user_model().objects.filter(email__iexact=address, is_active=True).exists():
        return 0
    invitations = Invitation.objects.filter(email__iexact=address)
    count = invitations.count()
    invitations.delete()
    return count + int(_find_events(address).delete()[0])


def collect_accounts(address: str) -> list[dict[str, Any]]:
    """Return the account with an address."""
    users = get_user_model().objects.filter(email__iexact=address)
    return [
        {
            "name": user.get_full_name(),
            "email": user.email,
            "created": user.date_joined.isoformat(),
            "last_sign_in": user.last_login and user.last_login.isoformat(),
            "active": "yes" if user.is_active else "no",
            "groups": [group.name for group in user.groups.all()],
        }
        for user in users
    ]


ACCOUNT_LOG = PersonalDataSource(
    "Sign-ins and accounts",
    collect_log,
    delete_log,
    kept="The log of an active account protects the site. Deactivate the account first.",
)
ACCOUNTS = PersonalDataSource(
    "Accounts",
    collect_accounts,
    lambda address: 0,
    kept="The history of pages names their authors. Deactivate the account under “Users”, or "
    "change its name and address there.",
)
