"""Acts of the platform's staff: each a service, logged, and told to the organisation concerned."""
