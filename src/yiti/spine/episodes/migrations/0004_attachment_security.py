"""Attachments are guarded as the other facts of a visit are (migration 0002), and so are their bytes: open to
an institution with a live access to the record of the person, only ever added to."""

from django.db import migrations

TABLES = ("episodes_attachment", "episodes_attachmentcontent")

OPEN = """EXISTS (
        SELECT 1 FROM residents_recordaccess AS access
        WHERE access.person_id = {table}.person_id
          AND access.institution_id = NULLIF(current_setting('yiti.institution', true), '')::uuid
          AND (access.valid_until IS NULL OR access.valid_until > statement_timestamp()){from_now}
    )"""
FROM_NOW = "\n          AND access.valid_from <= statement_timestamp()"

GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_open ON {table} TO yiti_app
    USING ({using})
    WITH CHECK ({check});
CREATE POLICY {table}_jobs ON {table} TO yiti_worker USING (true) WITH CHECK (true);
REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM yiti_app, yiti_worker, yiti_loader;
"""
UNGUARD = """
GRANT UPDATE, DELETE ON {table} TO yiti_app, yiti_worker, yiti_loader;
DROP POLICY {table}_jobs ON {table};
DROP POLICY {table}_open ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""

# Pictures and PDF are packed already: kept out of line as they are.
TIE = """
ALTER TABLE episodes_attachmentcontent ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE episodes_attachment ADD CONSTRAINT episodes_attachment_person_of_visit
    FOREIGN KEY (visit_id, person_id) REFERENCES episodes_visit (id, person_id);
ALTER TABLE episodes_attachment ADD CONSTRAINT episodes_attachment_corrects_same_visit
    FOREIGN KEY (replaces_id, visit_id) REFERENCES episodes_attachment (id, visit_id);
ALTER TABLE episodes_attachment ADD CONSTRAINT episodes_attachment_and_person UNIQUE (id, person_id);
ALTER TABLE episodes_attachmentcontent ADD CONSTRAINT episodes_attachmentcontent_person_of_attachment
    FOREIGN KEY (attachment_id, person_id) REFERENCES episodes_attachment (id, person_id);
"""
UNTIE = """
ALTER TABLE episodes_attachmentcontent DROP CONSTRAINT episodes_attachmentcontent_person_of_attachment;
ALTER TABLE episodes_attachment DROP CONSTRAINT episodes_attachment_and_person;
ALTER TABLE episodes_attachment DROP CONSTRAINT episodes_attachment_corrects_same_visit;
ALTER TABLE episodes_attachment DROP CONSTRAINT episodes_attachment_person_of_visit;
"""


def guard(table: str) -> str:
    using, check = OPEN.format(table=table, from_now=FROM_NOW), OPEN.format(table=table, from_now="")
    return GUARD.format(table=table, using=using, check=check)


class Migration(migrations.Migration):
    dependencies = [("episodes", "0003_attachments"), ("residents", "0002_row_security")]
    operations = [
        migrations.RunSQL(
            "".join(map(guard, TABLES)), "".join(UNGUARD.format(table=table) for table in TABLES)
        ),
        migrations.RunSQL(TIE, UNTIE),
    ]
