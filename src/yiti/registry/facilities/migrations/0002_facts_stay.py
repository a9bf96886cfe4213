from django.db import migrations

# What was said about free beds is never changed, and no use of a bed is ever deleted: it ends.
FORWARD = """
CREATE FUNCTION facilities_keep_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a fact of % stays', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER facilities_note_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON facilities_bedboardnote
    FOR EACH STATEMENT EXECUTE FUNCTION facilities_keep_fact();
CREATE TRIGGER facilities_beduse_stays BEFORE DELETE OR TRUNCATE ON facilities_beduse
    FOR EACH STATEMENT EXECUTE FUNCTION facilities_keep_fact();
"""
BACKWARD = """
DROP TRIGGER facilities_beduse_stays ON facilities_beduse;
DROP TRIGGER facilities_note_stays ON facilities_bedboardnote;
DROP FUNCTION facilities_keep_fact();
"""


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
