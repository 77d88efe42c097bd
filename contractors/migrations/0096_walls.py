"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_blockholder ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_blockholder DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_blockholder_landlord ON contractors_blockholder TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_blockholder_landlord ON contractors_blockholder'),
    ('CREATE POLICY contractors_blockholder_system ON contractors_blockholder TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_blockholder_system ON contractors_blockholder'),
    ('ALTER TABLE contractors_blockholder ADD CONSTRAINT contractors_blockholder_block_id_of_landlord FOREIGN KEY (landlord_id, block_id) REFERENCES contractors_block (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_blockholder DROP CONSTRAINT contractors_blockholder_block_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0095_block_holders")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
