"""The night writes what it finds, people what they decide, and nobody deletes a pair: what was found to be two people
is never put up again because its row stays."""

from django.db import migrations

GRANTS = """
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON residents_linkmodel, residents_linkweight, residents_linkshare FROM yiti_app;
REVOKE UPDATE, DELETE, TRUNCATE ON residents_duplicatepair FROM yiti_app, yiti_worker;
GRANT UPDATE (state, decided_at, decided_by, decided_by_name, reason) ON residents_duplicatepair TO yiti_app;
GRANT UPDATE (state, points, number_level, name_level, birth_level, year_level, sex_level, phone_level, village_level)
    ON residents_duplicatepair TO yiti_worker;
GRANT UPDATE (unmerge_reason) ON residents_merge TO yiti_app, yiti_worker;
"""
BACK = """
GRANT INSERT, UPDATE, DELETE ON residents_linkmodel, residents_linkweight, residents_linkshare TO yiti_app;
GRANT UPDATE, DELETE ON residents_duplicatepair TO yiti_app, yiti_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0004_duplicates")]
    operations = [migrations.RunSQL(GRANTS, BACK)]
