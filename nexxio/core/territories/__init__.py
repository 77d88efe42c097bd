"""A landlord's agencies and sectors: who looks after which residences (docs/adr/0014)."""
