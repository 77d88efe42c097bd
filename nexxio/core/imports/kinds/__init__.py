"""Kinds of import that belong to the kernel. Importing this package registers them."""
