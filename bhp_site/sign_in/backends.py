from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from .attempts import begin_attempt, end_attempt
from .password_rules import may_use_password
from .sources import get_sign_in_sources


class LimitedPasswordBackend(ModelBackend):
    """Django's backend for passwords, with limits that hold on every path that signs in.

    An unknown account is answered like a wrong password: its attempts are counted too, and Django
    hashes a password in both cases. So is an account that only single sign-on signs in.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the user, or None if the e-mail address or the password is wrong.

        Raises PermissionDenied if there were too many attempts. The request then has the seconds to
        wait as `sign_in_wait`.
        """
        email = username or kwargs.get(get_user_model().USERNAME_FIELD)
        if email is None or password is None:
            return None
        sources = get_sign_in_sources(request, email)
        if wait := begin_attempt(sources):
            if request is not None:
                request.sign_in_wait = wait  # type: ignore[attr-defined]
            raise PermissionDenied
        user = super().authenticate(request, username=email, password=password, **kwargs)
        if user is None or not may_use_password(user.email):
            return None
        end_attempt(sources)
        return user
