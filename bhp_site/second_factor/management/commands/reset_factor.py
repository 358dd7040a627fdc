from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from bhp_site.second_factor.factors import reset_factors


class Command(BaseCommand):
    """Reset the second step of somebody who has lost it, above all the last administrator."""

    help = "Removes the authenticator app, passkeys and recovery codes of an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument for the account."""
        parser.add_argument("email", help="e-mail address of the account")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Reset the factors; raise CommandError if there is no such account."""
        user = get_user_model().objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"There is no account with the e-mail address {email}.")
        if reset_factors(user):
            self.stdout.write(f"The second step of {user.email} was reset.")
        else:
            self.stdout.write(f"{user.email} has no second step.")
