from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "bhp_site.search"
    verbose_name = "Search"

    def ready(self) -> None:
        from bhp_site.core.changes import changing

        from . import indexing

        changing.connect(indexing.index_instance)
