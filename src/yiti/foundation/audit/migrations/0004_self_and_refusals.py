"""People who look at who looked at their record have a purpose of their own; refusals have an index."""

from django.db import migrations, models

PURPOSES = ["care", "management", "audit", "emergency", "system", "self"]


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seals")]

    operations = [
        migrations.RemoveConstraint(model_name="auditentry", name="audit_purpose_known"),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", PURPOSES)), name="audit_purpose_known"
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("outcome", "refused")), fields=["-at"], name="audit_refused_at"
            ),
        ),
    ]
