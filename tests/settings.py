"""The only overlay over `bhp_site.settings`: fast, embedded, and nothing kept."""

import atexit
import os
import secrets
import shutil

from .temporary_folders import make_folder

os.environ["DATA_DIR"] = make_folder()
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
for name in ("DEBUG", "SITE_URL", "ALLOWED_HOSTS", "CACHE_URL", "EMAIL_URL", "HOST", "PORT"):
    os.environ.pop(name, None)
# In a bucket that several processes share, each has a folder of its own.
if storage_url := os.environ.get("TEST_STORAGE_URL", ""):
    storage_url += f"&prefix={secrets.token_hex(8)}"
os.environ["STORAGE_URL"] = storage_url
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
if not os.environ["DATABASE_URL"]:
    del os.environ["DATABASE_URL"]

from bhp_site.settings import *  # noqa: E402, F403
from bhp_site.settings import ALLOWED_HOSTS, STATIC_ROOT, STORAGES  # noqa: E402

ALLOWED_HOSTS += ["testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
COUNTER_FLUSH_SECONDS = 0
LOCAL_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": LOCAL_CACHE, "shared": LOCAL_CACHE}
# Tests that move the clock stay signed in.
SESSION_COOKIE_AGE = SESSION_MAX_SECONDS = 10 * 365 * 24 * 60 * 60
# WhiteNoise warns where it is missing.
STATIC_ROOT.mkdir()
