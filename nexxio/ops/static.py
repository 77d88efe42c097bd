"""Which static files are collected: bundles, not what they are made of."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class BundledStaticFiles(StaticFilesConfig):
    """Leaves out static/css and static/js: esbuild has put them into static/dist.

    They name packages that only esbuild finds, and hashing their names would fail on that.
    """

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "css/*", "js/*"]
