"""Imports: a file on its way, what it wrote, and how its columns were read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.files import StoredFile
from nexxio.core.models.jobs import Job
from nexxio.core.models.organisations import Organisation
from nexxio.core.models.users import Membership, User


class ImportRun(ScopedModel):
    """A file that goes through the steps of an import.

    landlord: whose import it is; of a company's own file that company, as of its events. job: the
    work of the present step. inspection: sheets with their first rows. columns: field code →
    heading. translations: field code → {text of the file: value}. file: null when the run came
    from a terminal, which reads its own file.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20)
    name = models.CharField(_("fichier"), max_length=160)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    job = models.ForeignKey(
        Job,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    asked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    member = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    inspection = models.JSONField(default=dict)
    sheet = models.CharField(_("feuille"), max_length=120, blank=True)
    columns = models.JSONField(default=dict)
    translations = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    mapping_name = models.CharField(_("correspondance"), max_length=80, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    file_erased_at = models.DateTimeField(_("fichier effacé le"), null=True, blank=True)

    scope_rule = Rule(landlord="landlord_id", contractor="landlord_id")

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="import_run_of_landlord")
        ]
        indexes = [models.Index(fields=["landlord", "-created_at"], name="import_run_list")]

    def __str__(self) -> str:
        # Not the file's name: people wrote it, and staff read this.
        return f"{self.kind} {self.created_at:%d/%m/%Y %H:%M}"


class ImportedRow(ScopedModel):
    """One thing that an import has created or changed: for undoing it, and for the next file.

    key: what makes it the same one in the next file. digest: of what the file said. version: of
    the thing as the import left it. before: former values of a changed one.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="rows", db_constraint=False
    )
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    subject_id = models.UUIDField()
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8)
    digest = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    scope_rule = Rule(landlord="landlord_id", contractor="landlord_id")

    class Meta:
        indexes = [
            models.Index(fields=["landlord", "kind", "key"], name="imported_row_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ImportMapping(ScopedModel):
    """How an organisation's files of one kind are read, kept under a name.

    header: the headings of the file it was made for, so that it is proposed for the next one.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20)
    name = models.CharField(_("nom"), max_length=80)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    translations = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    scope_rule = Rule(landlord="landlord_id", contractor="landlord_id")

    class Meta:
        verbose_name = _("correspondance d’import")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "kind", "name"], name="one_import_mapping_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
