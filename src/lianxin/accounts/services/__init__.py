"""What one can do with accounts."""

from lianxin.accounts.services.attempts import Attempt, attempt, remember_device
from lianxin.accounts.services.codes import (
    Slip,
    activate,
    change_password,
    code_in,
    code_is_right,
    issue_codes,
    issue_codes_by_system,
    issue_requested_codes,
    may_be_requested,
    new_batch,
    open_accounts,
    qr_image,
    request_code,
    slips_of,
)
from lianxin.accounts.services.people import choose_language, close_account, rename_account, reopen_account
from lianxin.accounts.services.second_factor import (
    check_second_factor_again,
    may_remove,
    owes_second_factor,
    remove_second_factor,
    use_code_once,
)
from lianxin.accounts.services.sessions import (
    end_session,
    end_sessions,
    forget_expired,
    note_sign_in,
    note_sign_out,
)
from lianxin.accounts.services.setup import Newcomer, issue_setup_code, set_up, setup_code_is_right

__all__ = [
    "Attempt",
    "Newcomer",
    "Slip",
    "activate",
    "attempt",
    "change_password",
    "check_second_factor_again",
    "choose_language",
    "close_account",
    "code_in",
    "code_is_right",
    "end_session",
    "end_sessions",
    "forget_expired",
    "issue_codes",
    "issue_codes_by_system",
    "issue_requested_codes",
    "issue_setup_code",
    "may_be_requested",
    "may_remove",
    "new_batch",
    "note_sign_in",
    "note_sign_out",
    "open_accounts",
    "owes_second_factor",
    "qr_image",
    "remember_device",
    "remove_second_factor",
    "rename_account",
    "reopen_account",
    "request_code",
    "set_up",
    "setup_code_is_right",
    "slips_of",
    "use_code_once",
]
