from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "bhp_site.search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Connect the receiver that indexes changes."""
        from bhp_site.core.caching.invalidation import content_changing

        from . import indexing

        content_changing.connect(indexing.index_instance)
