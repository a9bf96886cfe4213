from django.db import migrations

FORWARD = """
ALTER TABLE drafts_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE drafts_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY drafts_own ON drafts_draft TO yiti_app
    USING (user_id = nullif(current_setting('yiti.user', true), '')::uuid);
CREATE POLICY drafts_clean_up ON drafts_draft TO yiti_worker USING (true);
"""
BACKWARD = """
DROP POLICY drafts_clean_up ON drafts_draft;
DROP POLICY drafts_own ON drafts_draft;
ALTER TABLE drafts_draft NO FORCE ROW LEVEL SECURITY;
ALTER TABLE drafts_draft DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
