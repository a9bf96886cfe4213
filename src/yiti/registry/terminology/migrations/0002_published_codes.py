from django.db import migrations

FORWARD = """
ALTER TABLE terminology_concept ADD CONSTRAINT terminology_parent_in_system
    FOREIGN KEY (system_id, parent_code) REFERENCES terminology_concept (system_id, code)
    DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION terminology_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published code is never renamed, reused or deleted: %', OLD.code
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER terminology_concept_kept BEFORE DELETE ON terminology_concept
    FOR EACH ROW EXECUTE FUNCTION terminology_keep_published();
CREATE TRIGGER terminology_concept_not_renamed BEFORE UPDATE ON terminology_concept
    FOR EACH ROW
    WHEN ((OLD.id, OLD.system_id, OLD.code, OLD.zh) IS DISTINCT FROM (NEW.id, NEW.system_id, NEW.code, NEW.zh))
    EXECUTE FUNCTION terminology_keep_published();
CREATE TRIGGER terminology_system_kept BEFORE DELETE ON terminology_codesystem
    FOR EACH ROW EXECUTE FUNCTION terminology_keep_published();
CREATE TRIGGER terminology_system_not_renamed BEFORE UPDATE ON terminology_codesystem
    FOR EACH ROW WHEN ((OLD.id, OLD.code) IS DISTINCT FROM (NEW.id, NEW.code))
    EXECUTE FUNCTION terminology_keep_published();
"""
BACKWARD = """
DROP TRIGGER terminology_system_not_renamed ON terminology_codesystem;
DROP TRIGGER terminology_system_kept ON terminology_codesystem;
DROP TRIGGER terminology_concept_not_renamed ON terminology_concept;
DROP TRIGGER terminology_concept_kept ON terminology_concept;
DROP FUNCTION terminology_keep_published();
ALTER TABLE terminology_concept DROP CONSTRAINT terminology_parent_in_system;
"""


class Migration(migrations.Migration):
    dependencies = [("terminology", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
