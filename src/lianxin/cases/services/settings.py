"""What a system administrator sets: the category tree and the time limits. Nobody's case is read or changed by it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseKind, DeadlineKind, Measure
from lianxin.cases.models import Category, SlaRule
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.kernel.locks import lock_tables
from lianxin.ledger.services import append_event
from lianxin.org.enums import Role
from lianxin.org.policies import Target, is_system_admin_there
from lianxin.org.queries import Person

NAME_LENGTH = 50
MOST = {Measure.WORKING_DAYS: 250, Measure.DAYS: 365, Measure.HOURS: 24 * 60, Measure.MINUTES: 24 * 60}
ROUND_THE_CLOCK = (Measure.HOURS, Measure.MINUTES)
CLOCKS_TO_SET = (DeadlineKind.ACCEPT, DeadlineKind.SIGN, DeadlineKind.CONTACT, DeadlineKind.REPLY)


def may_set(actor: Person) -> bool:
    """Whether they administer the whole enterprise's system."""
    return is_system_admin_there(actor, Target())


SUBJECTS: Mapping[type[Category | SlaRule], str] = {Category: "cases.category", SlaRule: "cases.clockrule"}
"""What the record calls them."""


def require_settings(actor: Person) -> None:
    """Insist that the actor administers the whole enterprise's system.

    Raises:
        PermissionDenied: they do not.
    """
    if not may_set(actor):
        raise PermissionDenied(_("You do not have permission to do this."))


def _record(actor: Person, subject: Category | SlaRule, action: str, **data: Any) -> None:
    append_event(
        subject_type=SUBJECTS[type(subject)],
        subject_id=subject.pk,
        action=action,
        actor_id=actor.pk,
        role=Role.SYSTEM_ADMIN,
        data=data,
    )


def _category(pk: int) -> Category:
    found = Category.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Category not found."))
    return found


def _checked_name(name: str, *, beside: Category | None, itself: int | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationFailed({"name": _("Please fill in this field.")})
    if len(name) > NAME_LENGTH:
        raise ValidationFailed({"name": _("At most %(n)d characters, please.") % {"n": NAME_LENGTH}})
    others = Category.objects.get_children(beside) if beside else Category.objects.filter(depth=1)
    if others.filter(name=name).exclude(pk=itself).exists():
        raise ValidationFailed({"name": _("A category with this name already exists.")})
    return name


@transaction.atomic
def add_category(*, actor: Person, name: str, parent_id: int | None = None) -> Category:
    """Add a category below another one, or on top.

    Raises:
        PermissionDenied: the actor is not the enterprise's system administrator.
        ValidationFailed: the name is missing, too long, or there already.
    """
    require_settings(actor)
    lock_tables(Category)
    parent = _category(parent_id) if parent_id else None
    category = Category(name=_checked_name(name, beside=parent), code=_new_code(parent))
    if parent:
        Category.objects.add_child(parent, instance=category)
    else:
        Category.objects.add_root(instance=category)
    _record(actor, category, "add", name=category.name, parent=parent_id)
    return category


def _new_code(parent: Category | None) -> str:
    """A code that was never given: the parent's and a number."""
    stem = parent.code if parent else "category"
    taken = set(Category.objects.filter(code__startswith=f"{stem}-").values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"{stem}-{n}") not in taken)


@transaction.atomic
def rename_category(*, actor: Person, category_id: int, name: str) -> Category:
    """Give a category another name; cases filed under it show the new one."""
    require_settings(actor)
    lock_tables(Category)
    category = _category(category_id)
    old, category.name = (
        category.name,
        _checked_name(name, beside=Category.objects.get_parent(category), itself=category.pk),
    )
    category.save(update_fields=["name"])
    _record(actor, category, "rename", name=[old, category.name])
    return category


@transaction.atomic
def move_category(*, actor: Person, category_id: int, parent_id: int | None) -> Category:
    """Put a category with all below it under another one, or on top.

    Raises:
        ValidationFailed: it would lie below itself, is there already, or meets one of its name.
    """
    require_settings(actor)
    lock_tables(Category)
    category, parent = _category(category_id), _category(parent_id) if parent_id else None
    old = Category.objects.get_parent(category)
    if parent and parent.path.startswith(category.path):
        raise ValidationFailed({"parent": _("A category cannot be moved under itself.")})
    if old == parent:
        raise ValidationFailed({"parent": _("It already exists.")})
    _checked_name(category.name, beside=parent, itself=category.pk)
    if parent:
        Category.objects.move(category, parent, "last-child")
    else:
        Category.objects.move(category, Category.objects.get_last_root_node(), "right")
    _record(actor, category, "move", parent=[old.pk if old else None, parent_id])
    return _category(category_id)


@transaction.atomic
def use_category(*, actor: Person, category_id: int, active: bool) -> Category:
    """Take a category and all below it out of use, or a category back into use. Cases filed under it keep it."""
    require_settings(actor)
    lock_tables(Category)
    category = _category(category_id)
    parent = Category.objects.get_parent(category)
    if active and parent and not parent.active:
        raise ValidationFailed({"": _("Its parent category is disabled.")})
    rows = (
        Category.objects.filter(pk=category.pk) if active else Category.objects.filter(path__startswith=category.path)
    )
    rows.update(active=active)
    _record(actor, category, "restore" if active else "retire")
    return _category(category_id)


@transaction.atomic
def set_clock_rule(
    *,
    actor: Person,
    clock: DeadlineKind | str,
    amount: int,
    measure: Measure | str,
    kind: CaseKind | str = "",
    category_id: int | None = None,
) -> SlaRule:
    """Set how long a clock runs from now on, for all cases, a kind, a category, or a kind within a category.

    What runs already keeps its deadline.

    Raises:
        ValidationFailed: the amount is out of range, or a hazard is to wait for working days.
    """
    require_settings(actor)
    if kind == CaseKind.HAZARD and measure not in ROUND_THE_CLOCK:
        raise ValidationFailed({"measure": _("Safety hazards run around the clock. Please choose hours or minutes.")})
    most = MOST[Measure(measure)]
    if not 1 <= amount <= most:
        raise ValidationFailed({"amount": _("Please enter a number from 1 to %(most)d.") % {"most": most}})
    rule = SlaRule.objects.select_for_update().filter(clock=clock, kind=kind, category=category_id).first()
    rule = rule or SlaRule(clock=clock, kind=kind, category_id=category_id)
    before = [rule.amount, rule.measure] if rule.pk else None
    rule.amount, rule.measure = amount, measure
    rule.save()
    _record(actor, rule, "set", clock=clock, kind=kind, category=category_id, before=before, now=[amount, measure])
    return rule


@transaction.atomic
def remove_clock_rule(*, actor: Person, rule_id: int) -> None:
    """Remove an exception; the rule that stands above it counts again.

    Raises:
        ValidationFailed: it is the rule for all cases or for all hazards, which has to stay.
    """
    require_settings(actor)
    rule = SlaRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound(_("Rule not found."))
    if not rule.kind and rule.category_id is None:
        raise ValidationFailed({"": _("The general rule cannot be removed; change it instead.")})
    if rule.kind == CaseKind.HAZARD and rule.category_id is None:
        raise ValidationFailed({"": _("The safety hazard rule cannot be removed; change it instead.")})
    before = [rule.amount, rule.measure]
    _record(actor, rule, "remove", clock=rule.clock, kind=rule.kind, category=rule.category_id, before=before)
    rule.delete()
