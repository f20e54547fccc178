"""Settings from the environment, by django-environ. Secrets and their files: `kernel.secrets`."""

import os
from collections.abc import Mapping
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from lianxin.kernel.cli_messages import Refusal


class Environment(environ.Env):
    """`environ.Env` that takes an empty variable for one that is not set, and refuses a wrong one in a sentence."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        super().__init__()
        self.ENVIRON = {name: value for name, value in variables.items() if value}

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        """Return the value of a variable.

        Raises:
            Refusal: it is not what it should be, such as a number.
        """
        try:
            return super().get_value(var, *args, **options)
        except (ValueError, ImproperlyConfigured) as error:
            raise Refusal(
                f"{var} 的值不对：{self.ENVIRON.get(var, '')}。请改正后重试。",
                f"The value of {var} is not valid: {self.ENVIRON.get(var, '')}. Please correct it and try again.",
            ) from error
