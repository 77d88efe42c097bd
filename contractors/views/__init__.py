"""The pages of invoices and blocks."""
