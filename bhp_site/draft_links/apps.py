from django.apps import AppConfig


class DraftLinksConfig(AppConfig):
    name = "bhp_site.draft_links"
    label = "draft_links"
