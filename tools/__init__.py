"""Set-up, servers and processes of a checkout. Standard library only: it runs before any install."""
