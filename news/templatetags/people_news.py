from django import template

from news.mentions import find_news_about

register = template.Library()

register.simple_tag(find_news_about, name="get_news_about")
