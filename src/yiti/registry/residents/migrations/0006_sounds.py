"""Who sounds alike and is of one age, or lives in one village, is found by one key. The values of people who
are in the index already are made as `domain.keys.sound_keys` makes them."""

from django.db import migrations, models

KINDS = ["na", "bg", "ch", "in", "py", "sy", "sv", "bd", "id", "it", "ph", "pt"]
FILL = """
INSERT INTO residents_cardkey (card_id, kind, value)
SELECT card.id, block.kind, block.value FROM residents_cardkey AS sound
JOIN residents_card AS card ON card.id = sound.card_id
CROSS JOIN LATERAL (VALUES
    ('sy', left(sound.value, 67) || '-' || card.birth_year),
    ('sv', left(sound.value, 67) || '-' || right(replace(card.village_id::text, '-', ''), 12))
) AS block (kind, value)
WHERE sound.kind = 'py' AND block.value IS NOT NULL
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0005_who_decides")]
    operations = [  # the rows last: a table with rows just put in cannot be altered in one transaction
        migrations.RemoveConstraint("cardkey", "residents_key_kind"),
        migrations.AddConstraint(
            "cardkey", models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="residents_key_kind")
        ),
        migrations.RunSQL(FILL, "DELETE FROM residents_cardkey WHERE kind IN ('sy', 'sv')"),
    ]
