"""A provider of single sign-on in this process, which can also answer wrongly."""

import io
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://login.example.org/tenant/v2.0"
CLIENT_ID = "site"
CALLBACK = "/admin/login/single-sign-on/callback/"
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)


class FakeProvider:
    """The provider: tests change what it claims, or replace one of its responses."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "42", "email": "ada@example.org"}
        self.claims |= {"email_verified": True, "given_name": "Ada", "family_name": "Lovelace"}
        self.info: dict[str, Any] = {}
        self.overrides: dict[str, Any] = {}
        self.key = KEY
        self.algorithm = "RS256"
        self.nonce = ""
        # The identifiers of the keys, and the one that tokens name.
        self.key_ids, self.token_key_id = ["1"], "1"
        self.requests: list[tuple[str, dict[str, list[str]]]] = []
        # Path → what is answered instead.
        self.answers: dict[str, Callable[[], requests.Response]] = {}

    def send(self, session: Any, request: Any, **kwargs: Any) -> requests.Response:
        """Return the response to a request of the site, as `requests.Session.send`."""
        path = urlsplit(request.url).path
        self.requests.append((path, parse_qs(str(request.body or ""))))
        if answer := self.answers.get(path.rpartition("/")[2]):
            return answer()
        return make_response(getattr(self, path.rpartition("/")[2].replace("-", "_"))())

    def openid_configuration(self) -> dict[str, Any]:
        addresses = {
            f"{name}_endpoint": f"{ISSUER}/{name}"
            for name in ("authorization", "token", "userinfo")
        }
        more = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
        return {**addresses, **more, **self.overrides}

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [key | {"kid": name, "use": "sig"} for name in self.key_ids]}

    def token(self) -> dict[str, Any]:
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": self.make_id_token()}

    def userinfo(self) -> dict[str, Any]:
        return {"sub": self.claims["sub"], **self.info}

    def make_id_token(self) -> str:
        now = int(time.time())
        standard = {"iss": ISSUER, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "auth_time": now}
        claims = {**standard, "nonce": self.nonce, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": self.token_key_id} if self.token_key_id else None
        return jwt.encode(claims, self.key, self.algorithm, headers=headers)

    def begin(self, client: Any, next_url: str = "", **form: str) -> dict[str, str]:
        """Return the parameters with which the site sends the visitor here."""
        response = client.post("/admin/login/single-sign-on/", {"next": next_url, **form})
        assert response.status_code == 200, response.headers
        address = response.context["url"]
        assert address.startswith(f"{ISSUER}/authorization?")
        query = parse_qs(urlsplit(address).query)
        parameters = {name: values[0] for name, values in query.items()}
        self.nonce = parameters["nonce"]
        return parameters

    def finish(self, client: Any, parameters: dict[str, str], **changes: str) -> Any:
        """Return the site's response after the visitor has signed in here."""
        query = {"code": "a code", "state": parameters["state"], **changes}
        return client.get(CALLBACK, query)

    def sign_in(self, client: Any, next_url: str = "") -> Any:
        """Return the site's last response of a whole sign-in."""
        return self.finish(client, self.begin(client, next_url))


def make_response(
    content: Any, status: int = 200, kind: str = "application/json"
) -> requests.Response:
    """Return a response with `content`, as JSON unless it is bytes."""
    response = requests.Response()
    response.status_code = status
    response.headers["Content-Type"] = kind
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    response.raw = io.BytesIO(body)
    return response
