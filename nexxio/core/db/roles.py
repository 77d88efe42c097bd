"""The three roles of the database, and which one a connection takes."""

OWNER_ROLE = "nexxio_owner"
"""Owns the schema; migrations, and the flush between tests."""
SITE_ROLE = "nexxio_site"
"""Every ordinary query. Owns nothing, bypasses nothing."""
SYSTEM_ROLE = "nexxio_system"
"""Workers and platform staff, inside `system_scope` only. Owns nothing, bypasses nothing."""

SETTINGS = ("landlord", "contractor", "tenant", "case", "via", "user", "paper", "entry")
"""Names of the `nexxio.*` settings that the policies read."""
