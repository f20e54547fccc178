"""How forms become HTML: `{{ form }}` and `{{ form.name.as_field_group }}` with our templates."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
