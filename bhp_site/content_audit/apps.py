from django.apps import AppConfig


class ContentAuditConfig(AppConfig):
    name = "bhp_site.content_audit"
    verbose_name = "Content health"
