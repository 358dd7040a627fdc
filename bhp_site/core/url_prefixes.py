"""URL path prefixes that several packages must agree on."""

ADMIN_PREFIX = "/admin/"

# Requested by load balancers and monitoring, with any Host header.
PROBE_PATHS = ("/healthz", "/readyz")

# robots.txt excludes these for crawlers: they depend on the visitor, or on a search query.
UNCRAWLED_PREFIXES = (
    *(ADMIN_PREFIX, "/search/", "/accessible-copy/", "/accessibility-problem/"),
    "/alerts/",
)

# Private links for people without an account: the segment after the prefix is a token, which logs
# do not show.
PRIVATE_LINK_PREFIXES = (
    *("/drafts/", "/sign-off/", "/invitation/"),
    *("/alerts/confirm/", "/alerts/manage/", "/alerts/leave/"),
)

# Followed by the key of an account and the token of a new password.
PASSWORD_RESET_PREFIX = f"{ADMIN_PREFIX}password_reset/confirm/"

# The page cache ignores these: their responses are for one visitor or one moment, or, as with
# static files, need no cache.
UNCACHEABLE_PREFIXES = (
    *UNCRAWLED_PREFIXES,
    *PRIVATE_LINK_PREFIXES,
    *("/request-sent/", "/static/", "/media/", *PROBE_PATHS, "/metrics", "/_util/"),
)
