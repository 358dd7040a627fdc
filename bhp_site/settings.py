"""Settings, read from the environment and refused when they are unsafe.

`.env.example` explains every variable. None is required: without any, the site runs on this
machine only, with SQLite and with its files in DATA_DIR. Any other address must use HTTPS.
"""

import os
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

from bhp_site.connections import find_unencrypted_connections
from bhp_site.core.storage.address import parse_storage_url
from bhp_site.environment import (
    build_redis_location,
    get_https_host,
    ignore_empty_variables,
    is_loopback,
    normalise_name,
    read_or_create_secret,
    refuse_replaced_variables,
    require,
    require_complete_single_sign_on,
    require_private_folder,
)

env = Env()
refuse_replaced_variables(os.environ)
ignore_empty_variables(os.environ)

# --- Address and processes ----------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
require_private_folder(DATA_DIR)

DEBUG: bool = env.bool("DEBUG", False)
HOST: str = env.str("HOST", "127.0.0.1")
PORT: int = env.int("PORT", 8000, validate=validate.Range(min=1, max=65535))
# A URL has brackets around an IPv6 address (RFC 3986, 3.2.2).
HOST_IN_URL = {"0.0.0.0": "localhost"}.get(HOST, f"[{HOST}]" if ":" in HOST else HOST)  # noqa: S104
SITE_URL: str = env.str("SITE_URL", f"http://{HOST_IN_URL}:{PORT}")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
HTTPS = SITE_URL.startswith("https://")
LOOPBACK = is_loopback(SITE_HOST)
# True behind a proxy: trust its X-Forwarded-Proto, and allow HOST to be any address.
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", False)

WORKERS: int = env.int("WORKERS", 2, validate=validate.Range(min=1, max=64))
# Threads that run Django, in each worker.
THREADS: int = env.int("THREADS", 4, validate=validate.Range(min=1, max=64))

# What the first start creates: demonstration content (elsewhere than on this machine only on
# request), and the first account.
DEMO: bool = env.bool("DEMO", LOOPBACK)
ADMIN_EMAIL: str = env.str("ADMIN_EMAIL", "editor@example.org")

ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [SITE_HOST])
if LOOPBACK:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
SECRET_KEY: str = env.str("SECRET_KEY", None) or read_or_create_secret(DATA_DIR / "secret-key")

require(
    SITE_HOST and SITE_URL.startswith(("http://", "https://")),
    f"SITE_URL must be a full address that starts with http:// or https://, not “{SITE_URL}”.",
)
require(
    len(SECRET_KEY) >= 50,
    "SECRET_KEY must have at least 50 characters. If you do not set it, a key is generated in "
    "DATA_DIR.",
)
require(LOOPBACK or not DEBUG, "DEBUG is only allowed on this machine: unset DEBUG or SITE_URL.")
require(
    LOOPBACK or HTTPS,
    "SITE_URL must start with https:// unless it is on this machine: with http, cookies would be "
    "sent unencrypted.",
)
require(
    LOOPBACK or not any(host.startswith("*") for host in ALLOWED_HOSTS),
    "ALLOWED_HOSTS must list host names; “*” is not allowed.",
)
require(
    BEHIND_PROXY or not HTTPS,
    "SITE_URL starts with https://, so a proxy that ends TLS is needed: set one up and set "
    "BEHIND_PROXY=1.",
)
require(
    BEHIND_PROXY or is_loopback(HOST),
    f"HOST={HOST} would accept unencrypted connections from the network: use 127.0.0.1, or set "
    "BEHIND_PROXY=1 if a proxy or a container's port mapping is in front.",
)

# --- Applications and middleware ----------------------------------------------------------

INSTALLED_APPS = [
    "bhp_site.tasks",
    "bhp_site.core",
    "bhp_site.sign_in",
    "bhp_site.second_factor",
    "bhp_site.single_sign_on",
    "bhp_site.files",
    "bhp_site.backups",
    "bhp_site.funding",
    "bhp_site.themes",
    "partners",
    "reports",
    "news",
    "bhp_site.search",
    "bhp_site.enquiries",
    "bhp_site.draft_links",
    "bhp_site.alerts",
    "bhp_site.sign_off",
    "bhp_site.sharing",
    "bhp_site.guide",
    "bhp_site.house_style",
    "bhp_site.pasting",
    "bhp_site.press_releases",
    "bhp_site.press",
    "bhp_site.accessibility",
    "bhp_site.content_audit",
    "bhp_site.scheduling",
    "bhp_site.home",
    "bhp_site.demo",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "bhp_site.sign_in.users_app.SiteUsersConfig",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.snippets",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "django.forms",
    # After Wagtail's admin, whose notices of reviews it sends in its own way.
    "bhp_site.moderation",
]

MIDDLEWARE = [
    "bhp_site.core.monitoring.logs.RequestLog",
    "bhp_site.core.middleware.PrivateLinkHeaders",
    "bhp_site.core.middleware.AnyHostForProbes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bhp_site.core.middleware.SecurityHeaders",
    "bhp_site.core.middleware.RefuseBadBytes",
    "bhp_site.core.middleware.CompressText",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "bhp_site.sign_in.sessions.SessionLimits",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "bhp_site.core.middleware.AdminPolicy",
    "bhp_site.sign_in.middleware.ClearEndedSessions",
    "bhp_site.sign_in.refusals.RefusalLog",
    "bhp_site.sign_in.middleware.KeepUnsavedWork",
    "bhp_site.second_factor.middleware.RequireSecondFactor",
    "bhp_site.core.confidential.middleware.HideConfidentialDrafts",
    "bhp_site.core.middleware.CurrentSite",
    "bhp_site.sign_in.unknown_links.LimitUnknownLinks",
    "bhp_site.core.middleware.KeepOutOfSearch",
    "bhp_site.core.admin.errors.AdminErrorMiddleware",
    "bhp_site.scheduling.account_guard.AccountGuardMiddleware",
    "bhp_site.core.middleware.CleanForms",
    "bhp_site.core.publishing.middleware.PublishInOneTransaction",
    "bhp_site.core.gone.AnswerGone",
    "bhp_site.core.redirects.FollowRedirects",
]

ROOT_URLCONF = "bhp_site.urls"
# Templates of form fields may be ours too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
WSGI_APPLICATION = "bhp_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bhp_site.core.base_context.base_context",
            ],
            "builtins": ["bhp_site.core.templatetags.site_builtins"],
        },
    }
]

# --- Database, cache and files ------------------------------------------------------------

# How long PostgreSQL works on one statement, and waits for one lock; 0 is without limit.
DATABASE_STATEMENT_SECONDS: int = env.int(
    "DATABASE_STATEMENT_SECONDS", 60, validate=validate.Range(min=0)
)
DATABASE_LOCK_SECONDS: int = env.int("DATABASE_LOCK_SECONDS", 20, validate=validate.Range(min=0))
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'site.sqlite3'}")
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers wait at BEGIN instead of failing later; readers never wait (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA foreign_keys=ON; PRAGMA mmap_size=134217728",
    }
else:
    # Give up after 2 seconds without a connection, or 5,000 ms without an acknowledgement.
    # `bhp_site/core/database_limits.py` notices a server that has frozen.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {"connect_timeout": 2, "tcp_user_timeout": 5_000}
    )
    # Just-in-time compilation of a query that counts visible pages takes half a second; the
    # query itself takes 30 ms. The server ends what takes longer than the timeouts (in ms).
    options = DATABASES["default"]["OPTIONS"]
    limits = f"-c jit=off -c statement_timeout={DATABASE_STATEMENT_SECONDS * 1000} "
    limits += f"-c lock_timeout={DATABASE_LOCK_SECONDS * 1000}"
    options["options"] = f"{limits} {options.get('options', '')}".strip()
    # Unlike the password of a URL, this one needs no percent signs.
    if database_password := env.str("DATABASE_PASSWORD", ""):
        DATABASES["default"]["PASSWORD"] = database_password
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a cache server, use a folder: all worker processes share it, unlike memory.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "bhp_site.core.caching.folder_cache.FolderCache",
        "LOCATION": str(DATA_DIR / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
# Machines that share a cache server tell each other about changes through it.
SHARED_CACHE = bool(env.str("CACHE_URL", ""))
if SHARED_CACHE:
    CACHES["default"] = env.dj_cache_url("CACHE_URL")
# As the default, but its failures are raised.
CACHES["shared"] = CACHES["default"]
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    module = "bhp_site.core.caching.failover"
    if not CACHES["default"]["LOCATION"].startswith("unix:"):
        CACHES["default"]["LOCATION"] = build_redis_location(env.str("CACHE_URL"))
    CACHES["shared"] = CACHES["default"] | {"BACKEND": f"{module}.TimeLimitedRedisCache"}
    CACHES["default"] = CACHES["default"] | {"BACKEND": f"{module}.FailoverCache"}

# The bucket of documents and images. Without it they are in DATA_DIR.
STORAGE_URL: str = env.str("STORAGE_URL", "")
# Bytes of the local copies of what is in the bucket.
STORAGE_LOCAL_BYTES: int = env.int(
    "STORAGE_LOCAL_BYTES", 2_000_000_000, validate=validate.Range(min=0)
)
require(
    not STORAGE_URL or find_spec("storages"),
    "STORAGE_URL needs the extra “s3”: run pip install '.[s3]'.",
)
MEDIA_ROOT = DATA_DIR / ("media-copies" if STORAGE_URL else "media")
# Used to build file names only: views serve documents and images, and check access.
MEDIA_URL = "/media/"
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
# Request and response bodies that are too large for memory: see `bhp_site/server/`.
SPOOL_DIR = DATA_DIR / "spool"
SPOOL_DIR.mkdir(mode=0o700, exist_ok=True)
# Press packs, which are built again if they are deleted.
PRESS_PACK_DIR = DATA_DIR / "press-packs"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
# Size of the page cache: in the memory of each worker, and in DATA_DIR/page_cache.
PAGE_CACHE_MEMORY_BYTES: int = env.int(
    "PAGE_CACHE_MEMORY_BYTES", 16_000_000, validate=validate.Range(min=0)
)
PAGE_CACHE_DISK_BYTES: int = env.int(
    "PAGE_CACHE_DISK_BYTES", 256_000_000, validate=validate.Range(min=0)
)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Interval at which buffered counters are written to the database; 0 disables the thread.
COUNTER_FLUSH_SECONDS: float = env.float("COUNTER_FLUSH_SECONDS", 5, validate=validate.Range(min=0))

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static"))).resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_COMPRESS_ALL: bool = env.bool("STATIC_COMPRESS_ALL", False)
STATIC_COLLECTED: bool = env.bool("STATIC_COLLECTED", False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "documents": {"BACKEND": "bhp_site.files.storage.ContentAddressedStorage"},
    "staticfiles": {
        "BACKEND": "bhp_site.core.static.HashedStaticFiles",
        # The image of a container has them of another user.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
if STORAGE_URL:
    bucket = parse_storage_url(STORAGE_URL)
    STORAGES["default"] = {
        "BACKEND": "bhp_site.core.storage.bucket.BucketStorage",
        # Names of cards are hashes of what they show.
        "OPTIONS": bucket | {"fixed_names": ("cards/",)},
    }
    STORAGES["documents"] = {
        "BACKEND": "bhp_site.files.bucket_storage.ContentAddressedBucketStorage",
        "OPTIONS": bucket,
    }
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

# --- Accounts and sessions ----------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["bhp_site.sign_in.backends.LimitedPasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    # Has a list of 20,000 common passwords.
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "bhp_site.sign_in.password_strength.StrengthValidator"},
    {"NAME": "bhp_site.sign_in.breached_passwords.BreachedPasswordValidator"},
]
# The passwords of known data breaches: the address of a service with the range protocol of Pwned
# Passwords, a folder with its files, or "off".
BREACHED_PASSWORDS: str = env.str(
    "BREACHED_PASSWORDS", "off" if LOOPBACK else "https://api.pwnedpasswords.com/range/"
)
require(
    BREACHED_PASSWORDS == "off"
    or BREACHED_PASSWORDS.startswith(("https://", "http://"))
    or Path(BREACHED_PASSWORDS).is_dir(),
    "BREACHED_PASSWORDS must be an address that begins with https://, a folder or “off”, not "
    f"“{BREACHED_PASSWORDS}”.",
)
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"

# Who must have a second step of signing in: "all", "publishers" (everybody who can publish or
# administer), or nobody ("optional").
SECOND_FACTOR: str = env.str(
    "SECOND_FACTOR",
    "optional" if LOOPBACK else "all",
    validate=validate.OneOf(["publishers", "all", "optional"]),
)
require(
    LOOPBACK or SECOND_FACTOR != "optional",
    "SECOND_FACTOR=optional is only allowed on this machine: use all or publishers.",
)
# Of django-allauth, the site uses the storage of factors and identities, and the client of single
# sign-on. Its own views are not reachable.
MFA_ADAPTER = "bhp_site.second_factor.adapter.SecondFactorAdapter"
# A code is also right one step of 30 seconds early or late: clocks of phones differ.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Browsers allow passkeys at http://localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOOPBACK
# The same rule as that of the site's own limits, `core.rate_limits.get_client_network`, in case
# django-allauth asks for the visitor's address: the last one of X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"

# Single sign-on by OpenID Connect: the provider's issuer as it calls itself, the client that is
# registered there, and the name on the button. Without an issuer there is none.
SSO_ISSUER: str = env.str("SSO_ISSUER", "")
SSO_CLIENT_ID: str = env.str("SSO_CLIENT_ID", "")
SSO_CLIENT_SECRET: str = env.str("SSO_CLIENT_SECRET", "")
SSO_NAME: str = env.str("SSO_NAME", "single sign-on")
# The claim with groups or roles, and which role or group of the site each of its values means.
# Without SSO_ROLES, administrators choose the roles here.
SSO_ROLES_CLAIM: str = env.str("SSO_ROLES_CLAIM", "roles")
SSO_ROLES: Any = env.json("SSO_ROLES", {})
# True: somebody with a role at the provider gets an account without an invitation.
SSO_CREATE_USERS: bool = env.bool("SSO_CREATE_USERS", False)
# Where the second step takes place: at the site, at the provider if it says so with “amr” or one of
# SSO_ACR_VALUES ("claim"), or always at the provider.
SSO_SECOND_FACTOR: str = env.str(
    "SSO_SECOND_FACTOR", "site", validate=validate.OneOf(["site", "claim", "provider"])
)
SSO_ACR_VALUES: list[str] = env.list("SSO_ACR_VALUES", [])
# Domains of which a provider that says nothing about verification gives out all addresses itself.
SSO_TRUSTED_EMAIL_DOMAINS: list[str] = env.list(
    "SSO_TRUSTED_EMAIL_DOMAINS", [], subcast=normalise_name
)
# True: passwords sign in the emergency accounts only, which never use single sign-on.
SSO_ONLY: bool = env.bool("SSO_ONLY", False)
SSO_EMERGENCY_ACCOUNTS: list[str] = env.list("SSO_EMERGENCY_ACCOUNTS", [], subcast=normalise_name)
SOCIALACCOUNT_ADAPTER = "bhp_site.single_sign_on.http.ProviderAdapter"
require_complete_single_sign_on(
    SSO_ISSUER, SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_ROLES, [*os.environ]
)
require(
    SSO_EMERGENCY_ACCOUNTS or not SSO_ONLY,
    "SSO_ONLY needs SSO_EMERGENCY_ACCOUNTS: the e-mail address of at least one account that signs "
    "in with a password when the provider is away.",
)

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Browsers accept these cookies only from this host, over https (RFC 6265bis, 4.1.3).
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
# The session of a user ends after so long without use of the admin, and after so long in any case.
SESSION_ENGINE = "bhp_site.sign_in.sessions"
SESSION_COOKIE_AGE: int = 60 * env.int("SESSION_IDLE_MINUTES", 240, validate=validate.Range(min=5))
SESSION_MAX_SECONDS: int = 3600 * env.int("SESSION_MAX_HOURS", 168, validate=validate.Range(min=1))
# A session cookie: the only cookie that visitors get, and only on pages with a form.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "bhp_site.sign_in.views.csrf_failure"
# Personal data of a closed enquiry is deleted after so many days.
ENQUIRIES_KEPT_DAYS: int = env.int("ENQUIRIES_KEPT_DAYS", 365, validate=validate.Range(min=1))
# Sign-ins and changes of accounts are deleted from their log after so many days.
ACCOUNT_EVENTS_KEPT_DAYS: int = env.int(
    "ACCOUNT_EVENTS_KEPT_DAYS", 365, validate=validate.Range(min=1)
)
# People on the press list without contact for so long are shown for review.
PRESS_CONTACTS_KEPT_DAYS: int = env.int(
    "PRESS_CONTACTS_KEPT_DAYS", 730, validate=validate.Range(min=1)
)
# A link to a draft is deleted, with the comments left by it, so many days after it ended.
DRAFT_LINKS_KEPT_DAYS: int = env.int("DRAFT_LINKS_KEPT_DAYS", 30, validate=validate.Range(min=1))
# Addresses, comments and suggested words of a sign-off are deleted so many days after it ended.
SIGN_OFFS_KEPT_DAYS: int = env.int("SIGN_OFFS_KEPT_DAYS", 90, validate=validate.Range(min=1))
# To whom a release was sent under embargo is deleted after so many days.
PRESS_RECIPIENTS_KEPT_DAYS: int = env.int(
    "PRESS_RECIPIENTS_KEPT_DAYS", 365, validate=validate.Range(min=1)
)

# --- Response headers ---------------------------------------------------------------------

# Browsers and proxies may store public pages but must revalidate them. Set a longer lifetime only
# for a proxy that is purged after changes (WAGTAILFRONTENDCACHE).
WAGTAILFRONTENDCACHE = cast(dict[str, Any], env.json("WAGTAILFRONTENDCACHE", {}))
for proxy in WAGTAILFRONTENDCACHE.values():
    if proxy.get("BACKEND", "").startswith("wagtail.") and proxy["BACKEND"].endswith(
        ".HTTPBackend"
    ):
        # It does not wait for ever for a proxy that hangs.
        proxy["BACKEND"] = "bhp_site.server.page_cache.proxy_purging.TimeLimitedHTTPBackend"
PUBLIC_CACHE_CONTROL: str = env.str("PUBLIC_CACHE_CONTROL", "public, no-cache")
SECURE_SSL_REDIRECT = HTTPS
SECURE_SSL_HOST = get_https_host(SITE_URL)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Browsers then refuse http for so long, and nobody can take that back: begin with an hour. The
# options bind other hosts of the domain too.
HSTS_SECONDS: int = env.int("HSTS_SECONDS", 3600, validate=validate.Range(min=0))
SECURE_HSTS_SECONDS = HSTS_SECONDS if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.bool("HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", False)
require(
    not SECURE_HSTS_PRELOAD or (SECURE_HSTS_INCLUDE_SUBDOMAINS and HSTS_SECONDS >= 31_536_000),
    "HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS=1 and HSTS_SECONDS of at least 31536000 (a year).",
)
# Both are decisions of the operator, not faults.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# For the pages to sign in, which the editor shows in a dialog when a session has ended.
SIGN_IN_CSP_DIRECTIVES = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "frame-ancestors": [SELF],
}
# Wagtail's admin uses inline styles, frames for previews, and blob URLs for uploads. Its inline
# scripts are replaced: see `core.admin.widget_init`.
ADMIN_CSP_DIRECTIVES = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [SELF],
}

# --- Language and time --------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English (United Kingdom)")]
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["bhp_site.formats"]

# --- Email --------------------------------------------------------------------------------

EMAIL_BACKEND = "bhp_site.core.mail.AutoSubmittedBackend"
# The backend that sends the messages. Without EMAIL_URL each becomes a file in a folder.
EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
# Seconds to wait for each reply of the mail server.
EMAIL_TIMEOUT = 10
if env.str("EMAIL_URL", ""):
    try:
        mail = env.dj_email_url("EMAIL_URL")
    except EnvError as error:
        raise ImproperlyConfigured(
            "EMAIL_URL is not a valid address. In its user name and password, write characters "
            "other than letters and digits in percent-encoding, for example @ as %40."
        ) from error
    require(
        "EMAIL_BACKEND" in mail,
        "EMAIL_URL must start with submission:// (STARTTLS), smtp://, or another scheme that "
        "dj-email-url supports.",
    )
    EMAIL_TRANSPORT = mail.pop("EMAIL_BACKEND")
    # None is what the URL does not say, such as the timeout.
    mail = {key: value for key, value in mail.items() if value is not None}
    globals().update({key: value for key, value in mail.items() if key != "EMAIL_FILE_PATH"})
DEFAULT_FROM_EMAIL: str = env.str(
    "DEFAULT_FROM_EMAIL", f"noreply@{'localhost' if LOOPBACK else SITE_HOST}"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The mailbox to which mail servers report alerts that they cannot deliver, and the folder (Maildir)
# or file (mbox) in which its messages arrive. Empty: reports go to DEFAULT_FROM_EMAIL, unread.
ALERTS_RETURN_PATH: str = env.str("ALERTS_RETURN_PATH", "")
ALERTS_BOUNCES: str = env.str("ALERTS_BOUNCES", "")
require(
    "@" in parseaddr(DEFAULT_FROM_EMAIL)[1],
    f"DEFAULT_FROM_EMAIL is not an email address: {DEFAULT_FROM_EMAIL}",
)

# --- Background tasks ---------------------------------------------------------------------

# The tasks of Wagtail run in the process that enqueues them. Those of the site are rows that a
# worker takes up; those in the queue "slow" may take minutes.
TASKS = {
    "default": {"BACKEND": "bhp_site.tasks.transactional.TransactionalBackend"},
    "database": {
        "BACKEND": "bhp_site.tasks.backends.DatabaseBackend",
        "QUEUES": ["default", "slow"],
    },
}
# The list of periodic jobs.
JOBS = "bhp_site.jobs.JOBS"

# --- Link checker -------------------------------------------------------------------------

# Off on a developer's machine. Turn it off where the site cannot reach the internet.
LINK_CHECKS: bool = env.bool("LINK_CHECKS", not LOOPBACK)

# --- Wagtail ------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Birmingham Health Partners"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Publication times are UK time for everybody.
WAGTAIL_USER_TIME_ZONES = ["Europe/London"]
WAGTAIL_I18N_ENABLED = False
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
# A reviewer who edits a page and approves it approves what is on the screen. With True, Wagtail
# would ask for a second approval and say only that the page was updated.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "bhp_site.core.admin.rich_text.RichTextArea",
        "OPTIONS": {"features": ["bold", "italic", "ol", "ul", "link", "document-link"]},
    }
}
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "bhp_site.files.proposals.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20_000_000
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_RENDITION_STORAGE = "default"
# Applies to renditions without an explicit format, such as those in the admin.
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"png": "webp"}
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 78
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_DOCUMENT_MODEL = "files.SiteDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "bhp_site.files.proposals.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "xlsx", "ods", "csv"]
WAGTAILDOCS_MAX_BYTES: int = env.int("DOCUMENT_MAX_BYTES", 100_000_000)
WAGTAILDOCS_MAX_PAGES: int = env.int("DOCUMENT_MAX_PAGES", 2000)
# The virus scanner clamd: the path of its socket, or “host:port”. Empty switches scanning off.
CLAMD_SOCKET: str = env.str("CLAMD_SOCKET", "")
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "bhp_site.core.search_backend", "SEARCH_CONFIG": "english"}
}

# --- Metrics and logs ---------------------------------------------------------------------

# Bearer token for /metrics. Empty disables metrics.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")
METRICS_DIR = DATA_DIR / "metrics"
if METRICS_TOKEN:
    require(len(METRICS_TOKEN) >= 20, "METRICS_TOKEN must have at least 20 characters.")
    METRICS_DIR.mkdir(mode=0o700, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)

# The service that error reports are sent to; needs the extra “sentry”. Empty: none.
SENTRY_DSN: str = env.str("SENTRY_DSN", "")

# Hosts to which connections may be unencrypted, because only trusted machines reach their network.
UNENCRYPTED_HOSTS: list[str] = env.list("UNENCRYPTED_HOSTS", [], subcast=normalise_name)
UNENCRYPTED_CONNECTIONS = find_unencrypted_connections(globals(), os.environ)
for connection in UNENCRYPTED_CONNECTIONS:
    require(
        LOOPBACK or connection.host in UNENCRYPTED_HOSTS,
        f"The connection to {connection.service} at {connection.host} would not be encrypted, or "
        f"its certificate not checked: {connection.advice}. If only machines that you trust can "
        "reach that network, name the host in UNENCRYPTED_HOSTS.",
    )

LOG_FORMAT: str = env.str("LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"]))
# Log a line for every request that Django handles.
LOG_REQUESTS: bool = env.bool("LOG_REQUESTS", False)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "bhp_site.core.monitoring.logs.TextFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "bhp_site.core.monitoring.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "bhp_site": {"level": "INFO"},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Its lines have the whole URL of the page that sent a form, which may be of another site.
        # `sign_in.refusals` logs these requests without it.
        "django.security.csrf": {"level": "ERROR"},
    },
}
