"""Who may read and change which rows, and what nobody may change.

A row is open to whoever sees its handoff (handoffs, migration 0002); only the handoff's parties write.
What was sent stays as it was sent: of a referral only the columns named below ever change, of all else
nothing. Nothing is deleted.
"""

from django.db import migrations

OWN = "(SELECT NULLIF(current_setting('yiti.institution', true), '')::uuid)"

# table: the column that holds the handoff's id
GUARDED = {
    "referrals_upreferral": "handoff_id",
    "referrals_upamendment": "up_id",
    "referrals_downreferral": "handoff_id",
    "referrals_downdrug": "down_id",
    "referrals_referraldiagnosis": "handoff_id",
    "referrals_codedreason": "handoff_id",
    "referrals_printlog": "handoff_id",
}
CHANGING = {
    "referrals_upreferral": (
        "summary, past_history, treatments, medications, results, precautions,"
        " target_institution_id, target_department_id, target_specialty, target_department_text, way, valid_until,"
        " transport_code, departed_at, expected_arrival_at, vehicle, escort, escort_phone,"
        " bed_label, visit_id, outcome_code, outcome_summary, discharge_way, outcome_at"
    ),
    "referrals_downreferral": "first_visit_id",
}
TABLES = ", ".join(GUARDED)

GUARD = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY referrals_see ON {table} FOR SELECT TO yiti_app
    USING (EXISTS (SELECT FROM handoffs_handoff h WHERE h.id = {table}.{key}));
CREATE POLICY referrals_add ON {table} FOR INSERT TO yiti_app
    WITH CHECK (EXISTS (SELECT FROM handoffs_handoff h WHERE h.id = {table}.{key} AND {own} = ANY (h.parties)));
CREATE POLICY referrals_work ON {table} TO yiti_worker USING (true) WITH CHECK (true);
"""
MAY_CHANGE = """
CREATE POLICY referrals_change ON {table} FOR UPDATE TO yiti_app
    USING (EXISTS (SELECT FROM handoffs_handoff h WHERE h.id = {table}.{key} AND {own} = ANY (h.parties)));
GRANT UPDATE ({columns}) ON {table} TO yiti_app, yiti_worker;
"""
UNGUARD = """
DROP POLICY IF EXISTS referrals_change ON {table};
DROP POLICY referrals_work ON {table};
DROP POLICY referrals_add ON {table};
DROP POLICY referrals_see ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
KEEP = f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLES} FROM yiti_app, yiti_worker, yiti_loader;"
UNKEEP = f"GRANT UPDATE, DELETE ON {TABLES} TO yiti_app, yiti_worker, yiti_loader;"

guards = "".join(GUARD.format(table=table, key=key, own=OWN) for table, key in GUARDED.items())
changes = "".join(
    MAY_CHANGE.format(table=table, key=GUARDED[table], own=OWN, columns=columns) for table, columns in CHANGING.items()
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("handoffs", "0002_guards")]
    operations = [
        migrations.RunSQL(guards, "".join(UNGUARD.format(table=table) for table in GUARDED)),
        migrations.RunSQL(KEEP + changes, UNKEEP),
    ]
