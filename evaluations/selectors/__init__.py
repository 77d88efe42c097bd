"""Page-shaped reads of evaluations."""
