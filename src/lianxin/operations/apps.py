from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "lianxin.operations"
    label = "operations"
