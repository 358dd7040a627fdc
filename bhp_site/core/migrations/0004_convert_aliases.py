"""Turn aliases into pages of their own: this site no longer has any, see `bhp_site.core.aliases`.

An alias stays public where its source is public, and is unpublished where its source is not.
"""

from django.db import migrations
from django.db.models import Q

STEP_LENGTH = 4


def convert_aliases(apps, schema_editor):
    pages = apps.get_model("wagtailcore", "Page").objects
    restrictions = apps.get_model("wagtailcore", "PageViewRestriction").objects
    aliases = list(pages.exclude(alias_of=None).select_related("alias_of"))
    # The state of all sources is read before the first alias is changed: one may follow another.
    for alias, public in [(alias, _is_public(alias, pages, restrictions)) for alias in aliases]:
        alias.alias_of = None
        alias.live = alias.live and public
        alias.has_unpublished_changes = not alias.live
        alias.save(update_fields=["alias_of", "live", "has_unpublished_changes"])


def _is_public(alias, pages, restrictions):
    """Return whether every page that `alias` follows, directly or not, is public."""
    source, seen = alias.alias_of, {alias.pk}
    while source is not None and source.pk not in seen:
        seen.add(source.pk)
        ends = range(STEP_LENGTH, len(source.path) + 1, STEP_LENGTH)
        paths = [source.path[:end] for end in ends]
        if pages.filter(Q(live=False), path__in=paths).exists():
            return False
        if restrictions.filter(page__path__in=paths).exists():
            return False
        source = source.alias_of
    return True


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_access_email"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(convert_aliases, migrations.RunPython.noop)]
