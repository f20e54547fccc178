"""Form fields that several pages of a case share."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kernel.files import ACCEPTED, MAX_BYTES, MAX_FILES, CleanFile, FileRejected, StorageFull, accept
from lianxin.kernel.numbers import read_number
from lianxin.org.queries import Unit, units_below


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else list(files.get(name) or [])


class PlaceField(forms.ChoiceField):
    """A living unit; cleaned to it, or to None where nothing was chosen. The viewer's own unit is at hand already."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.own: Unit | None = None

    def clean(self, value: Any) -> Unit | None:
        if value in self.empty_values:
            return None
        if self.own is not None and value == str(self.own.pk) and self.own.ended_on is None:
            return self.own
        unit = units_below().filter(pk=read_number(value)).first()
        if unit is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return unit


def accept_upload(upload: Any) -> CleanFile:
    """A file that was sent, cleaned.

    Raises:
        FileRejected, StorageFull: it cannot be taken, or there was no room for it.
    """
    return accept(upload.read(MAX_BYTES + 1), upload.name or "")


def told(refusal: FileRejected) -> str:
    """Which file cannot be taken, and why."""
    return _("“%(name)s”: %(reason)s") % {"name": refusal.name, "reason": refusal}


class FilesField(forms.Field):
    """Photos and files; cleaned to the list of what `kernel.files` accepted."""

    widget = FilesInput
    accepted = ACCEPTED

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "label": gettext_lazy("Photos or files"), **options})

    def clean(self, value: list[Any]) -> list[CleanFile]:
        if len(value) > MAX_FILES:
            raise forms.ValidationError(_("At most %(n)d files.") % {"n": MAX_FILES}, code="refused")
        accepted, refused = [], []
        for upload in value:
            try:
                accepted.append(accept_upload(upload))
            except StorageFull as refusal:
                raise forms.ValidationError(str(refusal), code="no_room") from refusal
            except FileRejected as refusal:
                refused.append(forms.ValidationError(told(refusal), code="refused"))
        if refused:
            raise forms.ValidationError(refused)
        return accepted


class FilesForm(forms.Form):
    """A form to which photos and files may be added, in the field `files`.

    Not declared as other fields are: forms have an attribute of this name, for what was uploaded.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField()
