"""The address of the site that people outside the machine use."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lianxin.kernel.cli_messages import Refusal

NAME, OLD_NAME = "LIANXIN_PUBLIC_URL", "LIANXIN_SITE_URL"
_NOTED = "public_url"


def public_url(env: Mapping[str, str]) -> str:
    """`LIANXIN_PUBLIC_URL` without a slash at the end; empty where it is not set.

    The sample enterprise, which is for nobody but its owner, takes the address at which it is served.

    Raises:
        Refusal: it is no such address, or only the old name, `LIANXIN_SITE_URL`, is set.
    """
    url = env.get(NAME, "").rstrip("/")
    if not url and env.get(OLD_NAME):
        raise Refusal(
            f"{OLD_NAME} 已改名为 {NAME}，请在设置里改名后重试。",
            f"{OLD_NAME} is now called {NAME}. Please rename it in your settings and try again.",
        )
    if not url and env.get("LIANXIN_DEMO") == "1":
        return env.get("LIANXIN_ADDRESS", "").rstrip("/")
    if url and not _is_address(url):
        raise Refusal(
            f"{NAME} 应形如 https://say.example.com，后面不带路径，现在是 {url}。",
            f"{NAME} looks like https://say.example.com, without a path behind it; it is {url}.",
        )
    return url


def note_public_url(data_dir: Path, url: str) -> None:
    """Note the address with which the system is served, for commands started without the server's environment."""
    (data_dir / _NOTED).write_text(url, encoding="utf-8")


def noted_public_url(data_dir: Path) -> str:
    """The address with which the system was served last; empty if it never was, or without one."""
    try:
        return (data_dir / _NOTED).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_port_in_range = parts.port is None or parts.port > 0
    except ValueError:
        return False
    rest = (parts.path, parts.query, parts.fragment, parts.username or "")
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and has_port_in_range and not any(rest)
