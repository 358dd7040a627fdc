"""Refuse passwords that are easy to guess."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

# From 0 to 4: 3 stands for at least 10⁸ guesses.
MIN_SCORE = 3
# zxcvbn does not look at more characters.
MAX_CHARACTERS = 72


class StrengthValidator:
    """Estimates how many guesses a password needs, with words about the user and the site."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError if `password` is easy to guess."""
        # Its lists of words take memory, and few processes ever need them.
        from zxcvbn import zxcvbn  # type: ignore[import-untyped]

        known_words = settings.WAGTAIL_SITE_NAME.split()
        if user is not None:
            known_words += [user.first_name, user.last_name, *user.email.split("@")]
        estimate = zxcvbn(password[:MAX_CHARACTERS], [word for word in known_words if word])
        if estimate["score"] < MIN_SCORE:
            raise ValidationError(
                "This password is easy to guess. Use four or more words that have nothing to do "
                "with each other, or one from a password manager.",
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        """Return what the validator asks for, shown beside the field."""
        return "Use words that have nothing to do with each other, or a password manager."
