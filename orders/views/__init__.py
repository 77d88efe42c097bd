"""Pages of orders, one module per portal."""
