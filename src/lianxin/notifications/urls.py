from django.urls import path

from lianxin.notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.mark_all_read, name="mark_all_read"),
    path("me/notifications/", views.preferences, name="preferences"),
    path("me/notifications/address/", views.enter_address, name="enter_address"),
    path("me/notifications/confirm/", views.confirm_address, name="confirm_address"),
    path("me/notifications/forget/", views.remove_address, name="remove_address"),
    path("mail/", views.channel, name="channel"),
    path("mail/try/", views.try_channel, name="try_channel"),
    path("mail/server/", views.SetMailServer.as_view(), name="mail_server"),
    path("mail/server/remove/", views.RemoveMailServer.as_view(), name="remove_mail_server"),
    path("mail/again/", views.try_failed_again, name="try_failed_again"),
    path("mail/switch-on/", views.switch_on, name="switch_on"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
