"""Backups of the site, restoring and verifying them, and moving to another database."""
