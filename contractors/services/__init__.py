"""Every write of the relation between landlord and contractor."""
