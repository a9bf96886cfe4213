"""Urging: an event that changes nothing but the number of events, also by those who only oversee."""

from django.db import migrations, models

OWN = "(SELECT NULLIF(current_setting('yiti.institution', true), '')::uuid)"
ME = "(SELECT NULLIF(current_setting('yiti.user', true), '')::uuid)"
OVERSEEN = "(SELECT NULLIF(current_setting('yiti.oversees', true), '')::uuid[])"
IS_OVERSEEN = (
    "EXISTS (SELECT FROM handoffs_handoff h WHERE h.id = handoff_id"
    f" AND h.sent_at IS NOT NULL AND h.parties && {OVERSEEN})"
)
NATURES = ["opened", "step", "alert", "note"]

POLICIES = f"""
CREATE POLICY handoffs_urge ON handoffs_handoff FOR UPDATE TO yiti_app
    USING (sent_at IS NOT NULL AND parties && {OVERSEEN})
    WITH CHECK (sent_at IS NOT NULL AND parties && {OVERSEEN});
CREATE POLICY handoffs_urge ON handoffs_handoffevent FOR INSERT TO yiti_app
    WITH CHECK (nature = 'urged' AND institution_id = {OWN} AND user_id = {ME} AND {IS_OVERSEEN});
CREATE POLICY handoffs_urge ON handoffs_handoffnotice FOR INSERT TO yiti_app
    WITH CHECK (EXISTS (SELECT FROM handoffs_handoffevent e WHERE e.id = event_id AND e.nature = 'urged'
                        AND e.user_id = {ME}) AND {IS_OVERSEEN});
CREATE FUNCTION handoffs_urged_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'revision' IS DISTINCT FROM to_jsonb(OLD) - 'revision' AND EXISTS (
        SELECT FROM handoffs_handoffevent e
        WHERE e.handoff_id = NEW.id AND e.seq = NEW.revision AND e.nature = 'urged') THEN
        RAISE EXCEPTION 'who urges changes nothing else' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handoffs_urged_only BEFORE UPDATE ON handoffs_handoff
    FOR EACH ROW EXECUTE FUNCTION handoffs_urged_only();
"""
BACKWARD = """
DROP TRIGGER handoffs_urged_only ON handoffs_handoff;
DROP FUNCTION handoffs_urged_only();
DROP POLICY handoffs_urge ON handoffs_handoff;
DROP POLICY handoffs_urge ON handoffs_handoffevent;
DROP POLICY handoffs_urge ON handoffs_handoffnotice;
"""


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0002_guards")]
    operations = [
        migrations.RemoveConstraint("handoffevent", "handoffs_event_nature"),
        migrations.AddConstraint(
            "handoffevent",
            models.CheckConstraint(
                condition=models.Q(nature__in=[*NATURES, "urged"]), name="handoffs_event_nature"
            ),
        ),
        migrations.RunSQL(POLICIES, BACKWARD),
    ]
