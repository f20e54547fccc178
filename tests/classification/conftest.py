from tests.cases.conftest import house, understand  # noqa: F401
from tests.cases.services.conftest import _in_english  # noqa: F401
