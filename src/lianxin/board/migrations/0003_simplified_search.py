"""Posts with traditional characters are found by simplified ones."""

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast

from lianxin.nlp.search_terms import vector
from lianxin.nlp.simplified import traditional_signs

MOST = 100_000


def find_by_simplified(apps, schema_editor):
    posts = apps.get_model("board", "Post").objects.annotate(said=Cast("words", TextField()))
    for post in posts.filter(said__regex=f"[{traditional_signs()}]"):
        post.words, _letters = vector([(post.title, "A"), (post.question, "B"), (post.answer, "C")], most=MOST)
        post.save(update_fields=["words"])


class Migration(migrations.Migration):
    dependencies = [("board", "0002_search")]

    operations = [migrations.RunPython(find_by_simplified, migrations.RunPython.noop)]
