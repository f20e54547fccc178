"""Sending the forms that pages really hold.

`send_form(client, "/say/", {"body": "…"})` reads the page, fills in its form and posts it as a browser would. It
refuses what the page does not offer: another field, choice or button, a changed hidden field. A test that sends
something else on purpose says so with `post_raw`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client

TEXTS = {"text", "search", "password", "email", "tel", "url", "number", "date", "time", "month", "textarea"}
URLENCODED = "application/x-www-form-urlencoded"


class NotOfferedError(AssertionError):
    """A test wants to send what the page does not offer."""


@dataclass
class Control:
    """One input, select, textarea or button of a form."""

    kind: str
    name: str
    value: str = ""
    chosen: bool = False
    options: list[tuple[str, bool]] = field(default_factory=list)
    multiple: bool = False
    label: str = ""
    action: str | None = None


@dataclass
class Form:
    """A form of a page: where it is sent to, and what is in it."""

    method: str
    action: str
    enctype: str
    controls: list[Control] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {each.name for each in self.controls if each.name and each.kind != "button"}

    @property
    def buttons(self) -> list[Control]:
        return [each for each in self.controls if each.kind == "button"]

    def of(self, name: str) -> list[Control]:
        return [each for each in self.controls if each.name == name and each.kind != "button"]


class _Reader(HTMLParser):
    """Collects the forms of a page with their controls, those too that belong to a form by its id."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.elsewhere: list[tuple[str, Control]] = []
        self.form: Form | None = None
        self.control: Control | None = None
        self.option: str | None = None
        self.off = 0  # inside a disabled fieldset

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            self.form = Form((given.get("method") or "get").lower(), action, given.get("enctype") or URLENCODED)
            self.forms.append(self.form)
            if given.get("id"):
                self.by_id[str(given["id"])] = self.form
        elif tag == "fieldset" and (self.off or "disabled" in given):
            self.off += 1
        elif tag == "option" and self.control:
            self.option = given.get("value")
            if "disabled" not in given:
                self.control.options.append((self.option or "", "selected" in given))
        elif tag in {"input", "select", "textarea", "button"}:
            self._control(tag, given)

    def _control(self, tag: str, given: Mapping[str, str | None]) -> None:
        kind = (
            (given.get("type") or {"button": "submit"}.get(tag, "text")).lower() if tag in {"input", "button"} else tag
        )
        if kind in {"button", "reset"}:
            return
        value = given.get("value")
        control = Control(
            kind="button" if kind in {"submit", "image"} else kind,
            name=given.get("name") or "",
            value=("on" if kind in {"checkbox", "radio"} else "") if value is None else value,
            chosen="checked" in given,
            multiple="multiple" in given,
            action=given.get("formaction"),
        )
        if tag != "input":
            self.control = control
        if self.off or "disabled" in given:
            return
        if given.get("form"):
            self.elsewhere.append((str(given["form"]), control))
        elif self.form:
            self.form.controls.append(control)

    def handle_data(self, data: str) -> None:
        if self.control is None:
            return
        if self.control.kind == "textarea":
            self.control.value += data
        elif self.control.kind == "button":
            self.control.label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "fieldset" and self.off:
            self.off -= 1
        elif tag in {"select", "textarea", "button"}:
            if self.control and tag == "textarea":
                # The browser drops the first line break.
                self.control.value = self.control.value.removeprefix("\r\n").removeprefix("\n")
            self.control = None


def forms_of(page: HttpResponse) -> list[Form]:
    """The forms of a page that are sent by POST."""
    request: Any = getattr(page, "request", {})
    query = request.get("QUERY_STRING", "")
    reader = _Reader(request.get("PATH_INFO", "/") + (f"?{query}" if query else ""))
    reader.feed(page.content.decode())
    for form_id, control in reader.elsewhere:
        if form_id in reader.by_id:
            reader.by_id[form_id].controls.append(control)
    return [form for form in reader.forms if form.method == "post"]


def send_form(
    client: Client,
    page: str | HttpResponse,
    fields: Mapping[str, Any] | None = None,
    *,
    to: str = "",
    press: str = "",
    follow: bool = False,
    **request: Any,
) -> Any:
    """Fill in a form of a page and post it.

    Args:
        page: its address, read now; or the page as it was read before.
        fields: name → what is entered; a file or a list of them; for tick boxes a list of values, True or False; None
            leaves radio buttons without a choice.
        to: the address that the form is sent to, or its end; needed where several forms have these fields.
        press: value, name or label of the button; the first one if empty.

    Raises:
        NotOfferedError: the page has no such form, field, choice or button.
    """
    if isinstance(page, str):
        page = client.get(page, follow=True, **request)
    fields = dict(fields or {})
    form = _form(page, set(fields), to, press)
    data = dict(_standing(form))
    for name, entered in fields.items():
        data[name] = _entered(form, name, entered)
    button = _button(form, press)
    if button and button.name:
        data[button.name] = [*data.get(button.name, []), button.value]
    target = urlsplit(urljoin(form.action, button.action) if button and button.action else form.action)
    address = target.path + (f"?{target.query}" if target.query else "")
    filled = {name: values for name, values in data.items() if values}
    if form.enctype == "multipart/form-data":
        return client.post(address, filled, follow=follow, **request)
    assert not any(hasattr(each, "read") for values in filled.values() for each in values), "files need multipart"
    return client.post(address, urlencode(filled, doseq=True), content_type=URLENCODED, follow=follow, **request)


def post_raw(client: Client, address: str, data: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """Post what no page offers, as an attacker or a program would; or where the form belongs to another package."""
    return client.post(address, data or {}, **more)


def _form(page: Any, names: set[str], to: str, press: str) -> Form:
    found = forms_of(page)
    where = f"{getattr(page, 'request', {}).get('PATH_INFO')} ({page.status_code})"
    if to:
        exact = [form for form in found if form.action == to]
        found = exact or [form for form in found if urlsplit(form.action).path.endswith(to)]
    if not found:
        raise NotOfferedError(f"{where} has no form to {to or 'send'}")
    fitting = [form for form in found if names <= form.names and (not press or _named(form, press))]
    if not fitting:
        offered = [sorted(form.names) for form in found]
        raise NotOfferedError(f"{where} offers {offered}, not {sorted(names)}{' with ' + press if press else ''}")
    if not to and len({form.action for form in fitting}) > 1:
        raise NotOfferedError(f"{where} has several such forms: {sorted(form.action for form in fitting)}")
    return fitting[0]


def _named(form: Form, press: str) -> list[Control]:
    """The buttons that have this value, name or label; where one has it as its value, no other is meant."""
    by_value = [each for each in form.buttons if each.value == press and each.name]
    return by_value or [each for each in form.buttons if press in {each.name, each.label.strip()}]


def _button(form: Form, press: str) -> Control | None:
    if press:
        return _named(form, press)[0]
    return form.buttons[0] if form.buttons else None


def _standing(form: Form) -> Iterator[tuple[str, list[Any]]]:
    """What the browser would send if nothing was touched."""
    for name in sorted(form.names):
        values: list[Any] = []
        for control in form.of(name):
            if control.kind == "select":
                selected = [value for value, chosen in control.options if chosen]
                values += selected or ([] if control.multiple else [value for value, _chosen in control.options[:1]])
            elif control.kind in {"checkbox", "radio"}:
                values += [control.value] if control.chosen else []
            elif control.kind != "file":
                values.append(control.value)
        yield name, values


def _entered(form: Form, name: str, entered: Any) -> list[Any]:
    controls = form.of(name)
    kind = controls[0].kind
    if kind == "hidden":
        raise NotOfferedError(f"nobody can change the hidden field {name!r}; take the page as it was read before")
    if kind == "file":
        files = entered if isinstance(entered, list | tuple) else [entered]
        if len(files) > 1 and not controls[0].multiple:
            raise NotOfferedError(f"{name!r} takes one file")
        return list(files)
    if kind in TEXTS:
        return [str(entered)]
    return _choices(name, controls, entered)


def _choices(name: str, controls: list[Control], entered: Any) -> list[str]:
    if controls[0].kind == "select":
        offered = [value for value, _chosen in controls[0].options]
    else:
        offered = [each.value for each in controls]
    if entered is None or entered is False:
        if controls[0].kind == "select":
            raise NotOfferedError(f"{name!r} always has a choice")
        return []
    values = _values(offered[0] if entered is True else entered)
    if unknown := set(values) - set(offered):
        raise NotOfferedError(f"{name!r} does not offer {sorted(unknown)}, but {offered}")
    if len(values) > 1 and not (controls[0].multiple or controls[0].kind == "checkbox"):
        raise NotOfferedError(f"{name!r} takes one choice")
    return values


def _values(entered: Any) -> list[str]:
    if isinstance(entered, Iterable) and not isinstance(entered, str):
        return [str(each) for each in entered]
    return [str(entered)]


def text_of(answer: HttpResponse) -> str:
    """The HTML of a page, whatever its layout: every run of whitespace is one space, and none stands before a `>`."""
    return re.sub(r"\s+", " ", answer.content.decode()).replace(" >", ">")
