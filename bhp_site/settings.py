"""One settings file: secure by default, typed reading of the environment, nonsense refused.

Every variable is named in `.env.example`. Without any, the site runs embedded (SQLite, files
under DATA_DIR) on loopback; whatever is not loopback must be HTTPS and must name its hosts.
"""

import ipaddress
import os
import secrets
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

env = Env()


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, never leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def kept_secret(path: Path, strength: int = 50) -> str:
    """The secret kept in `path`, of `strength` random bytes, readable by its owner alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(strength)
        file.write(secret)
    return secret


# --- Where we are -------------------------------------------------------------------------

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", False)
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000, validate=validate.Range(min=1, max=65535))
# An IPv6 address stands in brackets (RFC 3986, 3.2.2).
HOST_IN_URL = {"0.0.0.0": "localhost"}.get(HOST, f"[{HOST}]" if ":" in HOST else HOST)  # noqa: S104
SITE_URL = env.str("SITE_URL", f"http://{HOST_IN_URL}:{PORT}")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
HTTPS = SITE_URL.startswith("https://")
LOOPBACK = is_loopback(SITE_HOST)

# What the launcher asks for: see `__main__.py`.
DEMO = env.bool("DEMO", True)
WORKERS = env.int("WORKERS", 2, validate=validate.Range(min=1, max=64))
THREADS = env.int("THREADS", 4, validate=validate.Range(min=1, max=64))
SERVER_INTERFACE = env.str("SERVER_INTERFACE", "rsgi", validate=validate.OneOf(["rsgi", "wsgi"]))
# The address under which a proxy sends what lies in DATA_DIR/media: see docs/nginx.conf.
FILES_ACCEL = env.str("FILES_ACCEL", "")
ADMIN_EMAIL = env.str("ADMIN_EMAIL", "editor@example.org")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [SITE_HOST])
if LOOPBACK:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
SECRET_KEY = env.str("SECRET_KEY", None) or kept_secret(DATA_DIR / "secret-key")

if not SITE_HOST or not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"SITE_URL must be a whole address, not “{SITE_URL}”.")
if len(SECRET_KEY) < 50 or (not LOOPBACK and os.environ.get("SECRET_KEY") == ""):
    raise ImproperlyConfigured(
        "SECRET_KEY must have at least 50 characters; unset, it is generated into DATA_DIR."
    )
if not LOOPBACK and DEBUG:
    raise ImproperlyConfigured("DEBUG is for loopback only: unset DEBUG or SITE_URL.")
if not LOOPBACK and not HTTPS:
    raise ImproperlyConfigured(
        "Plain http would send cookies in the clear: SITE_URL must start with https:// "
        "unless it is on loopback."
    )
if not LOOPBACK and any(host.startswith("*") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name its hosts, without “*”.")
if HTTPS and not BEHIND_PROXY:
    raise ImproperlyConfigured(
        "SITE_URL starts with https://, which a proxy has to answer: put one in front and set "
        "BEHIND_PROXY=1."
    )
if FILES_ACCEL and not BEHIND_PROXY:
    raise ImproperlyConfigured("FILES_ACCEL leaves files to a proxy: set BEHIND_PROXY=1 too.")
if not is_loopback(HOST) and not BEHIND_PROXY:
    raise ImproperlyConfigured(
        f"HOST={HOST} would answer plain http to the network: listen on 127.0.0.1, or set "
        "BEHIND_PROXY=1 when a proxy or a container's port mapping stands in front."
    )

# --- What it is made of -------------------------------------------------------------------

INSTALLED_APPS = [
    "bhp_site.core",
    "bhp_site.files",
    "bhp_site.themes",
    "partners",
    "reports",
    "news",
    "bhp_site.search",
    "bhp_site.enquiries",
    "bhp_site.sharing",
    "bhp_site.house_style",
    "bhp_site.pasting",
    "bhp_site.accessibility",
    "bhp_site.upkeep",
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
    "wagtail.users",
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
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    # After Wagtail's admin, whose notices of reviews it sends in its own way.
    "bhp_site.moderation",
]

MIDDLEWARE = [
    "bhp_site.core.logs.RequestLog",
    "bhp_site.files.accel.SendByProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bhp_site.core.middleware.SecurityHeaders",
    "bhp_site.core.middleware.RefuseBadBytes",
    "bhp_site.core.middleware.CompressText",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "bhp_site.core.middleware.AdminPolicy",
    "bhp_site.sign_in.middleware.KeepUnsavedWork",
    "bhp_site.core.middleware.CurrentSite",
    "bhp_site.core.middleware.KeepOutOfSearch",
    "bhp_site.core.admin_errors.AnswerAdminErrors",
    "bhp_site.scheduling.account_guard.AccountGuardMiddleware",
    "bhp_site.core.middleware.CleanForms",
    "bhp_site.core.middleware.PublishInOneTransaction",
    "bhp_site.core.redirects.FollowRedirects",
]

ROOT_URLCONF = "bhp_site.urls"
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
                "bhp_site.core.context.furniture",
            ],
            "builtins": ["bhp_site.core.templatetags.site_builtins"],
        },
    }
]

# --- Data ---------------------------------------------------------------------------------

DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'site.sqlite3'}")
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing in the middle; readers never wait (WAL).
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA foreign_keys=ON; PRAGMA mmap_size=134217728",
    }
else:
    # Seconds and milliseconds after which a database that does not answer counts as away.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {"connect_timeout": 3, "tcp_user_timeout": 10_000}
    )
    # PostgreSQL takes half a second to compile a query that counts visible pages, and 30 ms to run
    # it as it is.
    options = DATABASES["default"]["OPTIONS"]
    options["options"] = f"-c jit=off {options.get('options', '')}".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a cache server the cache is a folder: unlike memory, all worker processes share it.
CACHES = {
    "default": env.dj_cache_url("CACHE_URL")
    if env.str("CACHE_URL", "")
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# A cache server may be shared by several machines, which then hear of each other's changes.
SHARED_CACHE = bool(env.str("CACHE_URL", ""))

MEDIA_ROOT = DATA_DIR / "media"
# Nothing under MEDIA_ROOT has an address of its own: files and pictures are asked for by views.
MEDIA_URL = "/media/"
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
# Requests and answers too long for memory: see `bhp_site/server/application.py`.
SPOOL_DIR = DATA_DIR / "spool"
SPOOL_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
# Bytes of pages kept ready to send: by each worker in memory, and on disk, in DATA_DIR/page_cache.
PAGE_CACHE_MEMORY_BYTES = env.int(
    "PAGE_CACHE_MEMORY_BYTES", 16_000_000, validate=validate.Range(min=0)
)
PAGE_CACHE_DISK_BYTES = env.int(
    "PAGE_CACHE_DISK_BYTES", 256_000_000, validate=validate.Range(min=0)
)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Seconds between two times that counts in memory are written; 0: never by themselves.
COUNTER_FLUSH_SECONDS = 5

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static"))).resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_COMPRESS_ALL = env.bool("STATIC_COMPRESS_ALL", False)
STATIC_COLLECTED = env.bool("STATIC_COLLECTED", False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "documents": {"BACKEND": "bhp_site.files.storage.ContentAddressedStorage"},
    "staticfiles": {"BACKEND": "bhp_site.core.static.HashedStaticFiles"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

# --- People -------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
# Gone when the browser is closed: visitors get it on forms, where it is all that they get.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "bhp_site.sign_in.views.csrf_failure"
# Days after which nothing personal is left of a request that has been closed.
ENQUIRIES_KEPT_DAYS = env.int("ENQUIRIES_KEPT_DAYS", 365, validate=validate.Range(min=1))

# --- Answers ------------------------------------------------------------------------------

# Pages that everybody may read: kept by browsers and proxies, but not used without asking. Where a
# proxy is purged of what changes (WAGTAILFRONTENDCACHE), it may keep them longer.
WAGTAILFRONTENDCACHE = env.json("WAGTAILFRONTENDCACHE", {})
PUBLIC_CACHE_CONTROL = env.str("PUBLIC_CACHE_CONTROL", "public, no-cache")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
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
# Wagtail's admin still has inline scripts in its date pickers and choosers, shows previews in
# frames of its own and uploads as blobs.
ADMIN_CSP_DIRECTIVES = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
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

# --- Words and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English (United Kingdom)")]
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["bhp_site.formats"]

# --- E-mail -------------------------------------------------------------------------------

# Without a mail server messages are written to a folder, one file each.
EMAIL_BACKEND = "bhp_site.core.mail.AutoSubmittedBackend"
# What the backend hands its messages to.
EMAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
# Seconds that a mail server has for each of its answers.
EMAIL_TIMEOUT = 10
if env.str("EMAIL_URL", ""):
    mail = env.dj_email_url("EMAIL_URL")
    if "EMAIL_BACKEND" not in mail:
        raise ImproperlyConfigured(
            "EMAIL_URL must start with submission:// (STARTTLS) or smtp://, or with another "
            "scheme that dj-email-url knows."
        )
    EMAIL_TRANSPORT = mail.pop("EMAIL_BACKEND")
    globals().update({key: value for key, value in mail.items() if key != "EMAIL_FILE_PATH"})
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", f"noreply@{'localhost' if LOOPBACK else SITE_HOST}"
)
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1]:
    raise ImproperlyConfigured(f"DEFAULT_FROM_EMAIL is not an address: {DEFAULT_FROM_EMAIL}")

# --- Links --------------------------------------------------------------------------------

# Whether links to other sites are asked if they answer: not from somebody's own machine, nor where
# there is no way out.
LINK_CHECKS = env.bool("LINK_CHECKS", not LOOPBACK)

# --- Wagtail ------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Birmingham Health Partners"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# One: a release has one time for everybody, and it is UK time.
WAGTAIL_USER_TIME_ZONES = ["Europe/London"]
WAGTAIL_I18N_ENABLED = False
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
# A reviewer who corrects a page and approves it approves what is on the screen. With True Wagtail
# would ask for another approval, and say only that the page was updated.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["bold", "italic", "ol", "ul", "link", "document-link"]},
    }
}
WAGTAILIMAGES_IMAGE_MODEL = "core.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "bhp_site.files.proposals.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20_000_000
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_RENDITION_STORAGE = "default"
# Renditions without a format of their own, such as those in the admin, are made from a PNG.
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"png": "webp"}
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 78
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_DOCUMENT_MODEL = "files.SiteDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "bhp_site.files.proposals.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "odt", "xlsx", "ods", "csv"]
WAGTAILDOCS_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", 100_000_000)
WAGTAILDOCS_MAX_PAGES = env.int("DOCUMENT_MAX_PAGES", 2000)
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "english"}
}

TASKS = {"default": {"BACKEND": "bhp_site.core.task_backend.TransactionalBackend"}}

# --- Logs ---------------------------------------------------------------------------------

# Whoever names it as “Authorization: Bearer …” reads /metrics; unset, nothing is counted.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
METRICS_DIR = DATA_DIR / "metrics"
if METRICS_TOKEN:
    if len(METRICS_TOKEN) < 20:
        raise ImproperlyConfigured("METRICS_TOKEN must have at least 20 characters.")
    METRICS_DIR.mkdir(mode=0o700, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)

LOG_FORMAT = env.str("LOG_FORMAT", "text", validate=validate.OneOf(["text", "json"]))
# Whether each request that Django answers has a line of its own.
LOG_REQUESTS = env.bool("LOG_REQUESTS", False)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "bhp_site.core.logs.Lines",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "bhp_site.core.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "bhp_site": {"level": "INFO"},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
