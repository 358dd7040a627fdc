from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from bhp_site.single_sign_on.accounts import disconnect


class Command(BaseCommand):
    """Connect an account anew, after its owner's identity at the provider was replaced."""

    help = "Removes the connection of an account with its identity for single sign-on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the argument for the account."""
        parser.add_argument("email", help="e-mail address of the account")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Remove the connection; raise CommandError if there is no such account."""
        user = get_user_model().objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"There is no account with the e-mail address {email}.")
        if disconnect(user):
            self.stdout.write(f"{user.email} is connected anew at the next sign-in.")
        else:
            self.stdout.write(f"{user.email} is not connected.")
