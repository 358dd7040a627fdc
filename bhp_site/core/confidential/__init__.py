"""Drafts that only some people may open: for all others they and their files do not exist."""
