"""The log-in half of accounts: second factors, sessions, passwords, and who must prove more."""
