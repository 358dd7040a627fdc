"""Template tags for the dashboard."""

from django import template

from news.dashboard import get_start_links

register = template.Library()
register.simple_tag(get_start_links)
