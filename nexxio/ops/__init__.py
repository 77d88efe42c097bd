"""Operations: logs, health, metrics, outages, backups. No models, no pages of the portals."""
