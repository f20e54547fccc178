from tests.org.views.conftest import page

__all__ = ["page"]
