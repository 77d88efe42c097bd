"""Kinds of import that belong to the kernel. Importing this package registers them."""

from nexxio.core.imports.kinds import contractors, estate_tree, staff, tenants

__all__ = ["contractors", "estate_tree", "staff", "tenants"]
