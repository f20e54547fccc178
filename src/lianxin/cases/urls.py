"""Addresses of cases: raising and following them, signed in or with a receipt; the desk."""

from django.urls import URLPattern, path

from lianxin.cases.views import (
    actions,
    alike,
    case,
    desk,
    employee,
    files,
    kept,
    posters,
    receipts,
    requester,
    settings,
    shown_receipt,
)

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("say/", employee.say, name="submit"),
    path("say/receipt/", shown_receipt.shown_receipt, name="shown_receipt"),
    path("say/how-anonymous/", employee.how_anonymous, name="how_anonymous"),
    path("help/", employee.help_page, name="help"),
    path("say/emergency.json", employee.emergency, name="emergency"),
    path("say/file/", files.check_file, name="check_file"),
    path("say/about/", employee.check_subjects, name="check_subjects"),
    path("mine/", employee.mine, name="mine"),
    path("case/<uuid:case_id>/", case.case, name="case"),
    path("case/<uuid:case_id>/spoken/", requester.spoken, name="spoken"),
    path("case/<uuid:case_id>/do/<str:action>/", actions.act, name="act"),
    path("case/<uuid:case_id>/alike/<uuid:other_id>/<str:verdict>/", alike.judge, name="judge_alike"),
    *(
        path(f"case/<uuid:case_id>/{action}/", requester.act, {"action": action}, name=action)
        for action in requester.ACTIONS
    ),
    path("case/<uuid:case_id>/proof/", requester.proof, name="proof"),
    path("file/<uuid:attachment_id>/", files.file, name="file"),
    path("receipt/", receipts.receipt, name="receipt"),
    path("receipt/leave/", receipts.leave, name="receipt_leave"),
    path("receipt/case/", receipts.case, name="receipt_case"),
    *(
        path(f"receipt/case/{action}/", receipts.act, {"action": action}, name=f"receipt_{action}")
        for action in requester.ACTIONS
    ),
    path("receipt/case/proof/", receipts.proof, name="receipt_proof"),
    path("receipt/file/<uuid:attachment_id>/", receipts.file, name="receipt_file"),
    path("desk/", desk.work_list, name="desk"),
    path("desk/live/", desk.work_list_live, name="desk_live"),
    path("desk/accept/", desk.accept_selected, name="accept_selected"),
    path("desk/recall/", desk.recall_selected, name="recall_selected"),
    path("case/<uuid:case_id>/live/", desk.case_live, name="case_live"),
    path("desk/find/", kept.find_requester, name="find_requester"),
    path("desk/views/save/", kept.SaveView.as_view(), name="save_view"),
    path("desk/views/<uuid:pk>/remove/", kept.remove_view, name="remove_view"),
    path("desk/templates/", kept.ReplyTemplates.as_view(), name="reply_templates"),
    path("desk/templates/add/", kept.AddReplyTemplate.as_view(), name="add_reply_template"),
    path("desk/templates/<uuid:pk>/", kept.ChangeReplyTemplate.as_view(), name="change_reply_template"),
    path("desk/templates/<uuid:pk>/remove/", kept.remove_reply_template, name="remove_reply_template"),
    path("posters/", posters.posters, name="posters"),
    path("posters/print/", posters.poster, name="poster"),
    path("settings/categories/", settings.categories, name="categories"),
    path("settings/categories/add/", settings.AddCategory.as_view(), name="add_category"),
    path("settings/categories/<int:below>/add/", settings.AddCategory.as_view(), name="add_category_below"),
    path("settings/categories/<int:category_id>/rename/", settings.RenameCategory.as_view(), name="rename_category"),
    path("settings/categories/<int:category_id>/move/", settings.MoveCategory.as_view(), name="move_category"),
    path("settings/categories/<int:category_id>/use/<int:active>/", settings.use_category, name="use_category"),
    path("settings/clocks/", settings.clocks, name="clocks"),
    path("settings/clocks/add/", settings.AddClockRule.as_view(), name="add_clock_rule"),
    path("settings/clocks/<int:rule_id>/", settings.ChangeClockRule.as_view(), name="change_clock_rule"),
    path("settings/clocks/<int:rule_id>/remove/", settings.remove_clock_rule, name="remove_clock_rule"),
]
