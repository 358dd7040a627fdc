"""Loaded for all templates: what replaces filters of Django in those of Wagtail."""

from django import template

from bhp_site.core.text.sizes import format_size

register = template.Library()
# Django counts in units of 1,024 bytes. Beside our own sizes, which are decimal, the same document
# would have two.
register.filter("filesizeformat", format_size)
