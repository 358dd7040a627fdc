"""All URLs of the site, in one place; Wagtail's catch-all for pages comes last."""

from django.contrib.sitemaps import views as sitemap_views
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.admin.views.account import PasswordResetCompleteView, PasswordResetDoneView

from bhp_site.alerts import views as alerts
from bhp_site.core.admin.views import choose_external_link, no_error_test
from bhp_site.core.caching.cacheable import cacheable
from bhp_site.core.charts.views import download_figures
from bhp_site.core.feeds import build_atom_view, build_json_view
from bhp_site.core.private_links import answer_not_found
from bhp_site.core.url_prefixes import ADMIN_PREFIX, PRIVATE_LINK_PREFIXES
from bhp_site.draft_links import views as drafts
from bhp_site.enquiries import views as enquiries
from bhp_site.files import views as files
from bhp_site.files.admin.collection_privacy import set_privacy
from bhp_site.files.admin.collection_views import edit_collection
from bhp_site.home import views as home
from bhp_site.home.icons import serve_icon
from bhp_site.home.sitemaps import get_sitemaps
from bhp_site.press.packs.views import serve_draft_pack, serve_pack
from bhp_site.search.views import search
from bhp_site.second_factor import passkey_views as passkeys
from bhp_site.second_factor import sign_in_views as steps
from bhp_site.second_factor import single_sign_on_views as single_sign_on
from bhp_site.second_factor import views as factors
from bhp_site.second_factor.pages import strict_page
from bhp_site.sharing.views import serve_card
from bhp_site.sign_in import password_views as passwords
from bhp_site.sign_in import views as sign_in
from bhp_site.sign_in.account_forms import account
from bhp_site.sign_in.invitation_views import accept_invitation
from bhp_site.sign_off.views import answer_sign_off
from news.feeds import NewsFeed, PartnerFeed, ThemeFeed
from partners import views as members
from reports import views as reports
from reports.feeds import ReportFeed


@require_safe
@cacheable()
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Return the index of sitemaps (sitemaps.org)."""
    return sitemap_views.index(request, get_sitemaps(request), sitemap_url_name="sitemap-part")


@require_safe
@cacheable("p")
def sitemap_part(request: HttpRequest, section: str) -> HttpResponseBase:
    """Return the sitemap `section`, a page of it if the query has `p`; 404 if there is none."""
    return sitemap_views.sitemap(request, get_sitemaps(request), section)


handler500 = home.server_error

admin_patterns = [
    path("session/", sign_in.session, name="session-state"),
    path("session/signed-in/", sign_in.signed_in, name="session-signed-in"),
    # These replace Wagtail's own views at the same paths, so they come before its URLs.
    path("login/", strict_page(steps.SignInView.as_view()), name="wagtailadmin_login"),
    path("login/second-step/", steps.second_step, name="second-step"),
    path("login/passkey/", passkeys.sign_in, name="passkey-sign-in"),
    path("login/passkey/options/", passkeys.sign_in_options, name="passkey-sign-in-options"),
    path("login/single-sign-on/", single_sign_on.begin, name="single-sign-on"),
    path("login/single-sign-on/callback/", single_sign_on.callback, name="single-sign-on-callback"),
    path("second-step/passkeys/add/", passkeys.add, name="passkey-add"),
    path(
        "second-step/passkeys/options/", passkeys.creation_options, name="passkey-creation-options"
    ),
    path("second-step/", factors.overview, name="second-factor"),
    path("second-step/app/", factors.set_up_app, name="second-factor-app"),
    path("second-step/recovery-codes/", factors.recovery_codes, name="recovery-codes"),
    path("second-step/confirm/", factors.confirm, name="second-factor-confirm"),
    path("second-step/<int:pk>/remove/", factors.remove, name="second-factor-remove"),
    path(
        "password_reset/",
        strict_page(passwords.PasswordResetView.as_view()),
        name="wagtailadmin_password_reset",
    ),
    path("password_reset/done/", strict_page(PasswordResetDoneView.as_view())),
    path(
        "password_reset/confirm/<uidb64>/<token>/",
        strict_page(passwords.PasswordResetConfirmView.as_view()),
        name="wagtailadmin_password_reset_confirm",
    ),
    path("password_reset/complete/", strict_page(PasswordResetCompleteView.as_view())),
    path("account/", account),
    path("collections/<int:pk>/", edit_collection),
    path("collections/<int:collection_id>/privacy/", set_privacy),
    path("choose-external-link/", choose_external_link),
    path("failwhale/", no_error_test),
    path("", include(admin_urls)),
]

urlpatterns = [
    path(ADMIN_PREFIX.removeprefix("/"), include(admin_patterns)),
    # Documents and images
    path("documents/<slug:slug>.<slug:extension>", files.serve_document, name="document"),
    path(
        "documents/<slug:slug>/v<int:number>.<slug:extension>", files.serve_version, name="version"
    ),
    path("wp-content/uploads/<path:name>", files.redirect_former_address),
    path("documents/<int:pk>/<str:name>", files.redirect_document_id, name="wagtaildocs_serve"),
    path("pictures/<str:name>", files.serve_rendition, name="picture"),
    path("media/original_images/<str:name>", files.serve_original_image, name="original"),
    path("cards/<int:page>-<slug:digest>.jpg", serve_card, name="card"),
    path("charts/<int:page>/<uuid:block>.csv", download_figures, name="chart-figures"),
    # Search and forms
    path("search/", search, name="search"),
    path("accessible-copy/<slug:slug>/", enquiries.request_copy, name="accessible-copy"),
    path("accessibility-problem/", enquiries.report_problem, name="problem"),
    path("request-sent/<slug:reference>/", enquiries.show_sent, name="request-sent"),
    # Drafts and sign-offs, for the holders of a link
    path("drafts/<str:token>/", drafts.show_draft, name="draft"),
    path("drafts/<str:token>/press-pack.zip", serve_draft_pack),
    path("drafts/<str:token>/pages/<int:pk>/", drafts.show_page),
    path("drafts/<str:token>/pages/<int:pk>/read/", drafts.show_edition),
    path("drafts/<str:token>/pages/<int:pk>/read/<str:path>/", drafts.show_edition),
    path("drafts/<str:token>/documents/<slug:slug>.<slug:extension>", drafts.serve_document),
    path(
        "drafts/<str:token>/documents/<slug:slug>/v<int:number>.<slug:extension>",
        drafts.serve_document,
    ),
    path("drafts/<str:token>/pictures/<str:name>", drafts.serve_rendition),
    path("drafts/<str:token>/charts/<int:page>/<uuid:block>.csv", drafts.download_figures),
    path("sign-off/<str:token>/", answer_sign_off, name="sign-off"),
    path("invitation/<str:token>/", accept_invitation, name="accept-invitation"),
    # E-mail alerts
    path("alerts/", alerts.subscribe, name="alerts"),
    path("alerts/sent/", alerts.show_sent, name="alerts-sent"),
    path("alerts/confirm/<str:token>/", alerts.confirm_address, name="alerts-confirm"),
    path("alerts/manage/<str:token>/", alerts.manage, name="alerts-manage"),
    path("alerts/manage/<str:token>/data.json", alerts.export, name="alerts-export"),
    path("alerts/leave/<str:token>/", alerts.leave, name="alerts-leave"),
    # Nothing else below a private link: the pages' own “not found” would show its token.
    *(re_path(rf"^{prefix[1:]}[^/]+/", answer_not_found) for prefix in PRIVATE_LINK_PREFIXES),
    # Feeds, data and files for programs
    path("news/feed.xml", build_atom_view(NewsFeed), name="news-feed"),
    path("news/feed.json", build_json_view(NewsFeed), name="news-feed-json"),
    path("news/<slug:slug>/press-pack.zip", serve_pack, name="press-pack"),
    path("reports/feed.xml", build_atom_view(ReportFeed), name="report-feed"),
    path("reports/feed.json", build_json_view(ReportFeed), name="report-feed-json"),
    path("reports/latest/<slug:series>/", reports.redirect_to_latest, name="latest-report"),
    path("reports/<str:slug>/cite.<slug:extension>", reports.download_citation, name="cite"),
    path("partners/register.csv", members.export_csv, name="members-csv"),
    path("partners/register.json", members.export_json, name="members-json"),
    path("partners/<slug:slug>/feed.xml", build_atom_view(PartnerFeed), name="partner-feed"),
    path("partners/<slug:slug>/feed.json", build_json_view(PartnerFeed), name="partner-feed-json"),
    path("themes/<slug:slug>/feed.xml", build_atom_view(ThemeFeed), name="theme-feed"),
    path("themes/<slug:slug>/feed.json", build_json_view(ThemeFeed), name="theme-feed-json"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<section>.xml", sitemap_part, name="sitemap-part"),
    path("robots.txt", home.robots, name="robots"),
    path("favicon.ico", serve_icon, {"name": "favicon.ico"}, name="favicon"),
    path("apple-touch-icon.png", serve_icon, {"name": "touch-icon.png"}, name="touch-icon"),
    path(".well-known/security.txt", home.security_txt, name="security-txt"),
    path("healthz", home.healthz, name="healthz"),
    path("readyz", home.readyz, name="readyz"),
    path("metrics", home.metrics, name="metrics"),
    # Pages
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        passwords.enter_page_password,
        name="wagtailcore_authenticate_with_password",
    ),
    path("_util/login/", steps.VisitorSignInView.as_view(), name="wagtailcore_login"),
    re_path(r"", include(wagtail_urls)),
]
