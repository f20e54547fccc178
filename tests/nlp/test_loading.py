"""What a web process loads when it starts."""

import os
import subprocess
import sys

CODE = """
import django, sys
django.setup()
import lianxin.config.urls, lianxin.nlp.topic_assignment, lianxin.nlp.grouping, lianxin.nlp.categories
print("scipy" in sys.modules)
"""


def test_the_site_starts_without_scipy() -> None:
    """Loading it takes a third of a second; only grouping and placing need it, and they load it when they begin."""
    answer = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True, env=os.environ)
    assert answer.stdout.strip() == "False"
