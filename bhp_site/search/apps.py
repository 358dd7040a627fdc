from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "bhp_site.search"
    verbose_name = "Search"

    def ready(self) -> None:
        from bhp_site.core import background
        from bhp_site.core.changes import changing

        from . import counting, indexing

        changing.connect(indexing.follow)
        background.jobs += [indexing.index_next, background.once_a_day(counting.forget_old)]
