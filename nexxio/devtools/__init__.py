"""What writes code and documents for developers. Not installed in production."""
