"""Reads STORAGE_URL, which names the bucket of documents and images."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bhp_site.environment import require

URL_FORMAT = "s3://key:secret@host:port/bucket?region=…&tls=0&prefix=…"
URL_PARAMETERS = {"region", "tls", "prefix"}


def parse_storage_url(url: str) -> dict[str, Any]:
    """Return the options of `BucketStorage` that `url` names; raise ImproperlyConfigured.

    Without a host it is Amazon's S3. Without a key, those of AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY are used, or those of the machine's role. No message contains the secret.
    """
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    bucket = parts.path.strip("/")
    require(parts.scheme == "s3", f"STORAGE_URL must have the form {URL_FORMAT}.")
    require(bucket and "/" not in bucket, f"STORAGE_URL must name one bucket: {URL_FORMAT}.")
    require(
        parameters.keys() <= URL_PARAMETERS and parameters.get("tls", "1") in ("0", "1"),
        f"STORAGE_URL has a parameter that is not known. Its form is {URL_FORMAT}.",
    )
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "location": parameters.get("prefix", "").strip("/"),
        "region_name": parameters.get("region") or None,
    }
    if parts.username or parts.password:
        options["access_key"] = unquote(parts.username or "")
        options["secret_key"] = unquote(parts.password or "")
    if parts.hostname:
        scheme = "http" if parameters.get("tls") == "0" else "https"
        options["endpoint_url"] = f"{scheme}://{parts.netloc.rpartition('@')[2]}"
        # Other systems than Amazon's need no name of its own for each bucket.
        options["addressing_style"] = "path"
    return options
