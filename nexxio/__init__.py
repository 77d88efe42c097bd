"""The project: composition root and kernel."""

from nexxio.celery import app as celery_app

__all__ = ["celery_app"]
