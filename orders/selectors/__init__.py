"""Page-shaped reads of orders and visits."""
