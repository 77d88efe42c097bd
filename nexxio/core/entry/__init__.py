"""Entry of tenants by a code: without an account, at a contact that their landlord knows."""
