from django.apps import AppConfig
from wagtail.signals import page_published, page_unpublished


class NewsConfig(AppConfig):
    name = "news"

    def ready(self) -> None:
        from bhp_site.core.publishing import publishing

        from . import release
        from .models import NewsPage

        publishing.connect(release.check, sender=NewsPage)
        page_published.connect(release.published, sender=NewsPage)
        page_unpublished.connect(release.unpublished, sender=NewsPage)
