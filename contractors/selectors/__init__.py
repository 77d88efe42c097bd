"""What the pages of invoices and blocks read."""
