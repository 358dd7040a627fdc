"""Django's WSGI entry point. The server in `bhp_site.server` adds the page cache to it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")

application = get_wsgi_application()
