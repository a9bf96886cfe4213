import django.contrib.postgres.fields
from django.db import migrations, models

FORWARD = """
REVOKE ALL ON audit_unsealed, audit_seal FROM yiti_app, yiti_worker, yiti_loader;
GRANT SELECT ON audit_unsealed, audit_seal TO yiti_app, yiti_worker, yiti_loader;
GRANT DELETE, UPDATE ON audit_unsealed TO yiti_worker;  -- UPDATE: for its lock
GRANT INSERT ON audit_seal TO yiti_worker;
CREATE FUNCTION audit_await_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_unsealed (entry_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_awaits_seal AFTER INSERT ON audit_auditentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_await_seal();
CREATE TRIGGER audit_seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_auditentry;
"""
BACKWARD = """
DROP TRIGGER audit_seals_stay ON audit_seal;
DROP TRIGGER audit_awaits_seal ON audit_auditentry;
DROP FUNCTION audit_await_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Unsealed",
            fields=[("entry_id", models.UUIDField(editable=False, primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("entry_ids", django.contrib.postgres.fields.ArrayField(models.UUIDField())),
                ("digests", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
