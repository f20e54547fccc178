"""`lianxin rebuild-search`: make anew what cases and the posts of the board are found by."""

from typing import Any

from django.core.management.base import BaseCommand

from lianxin.board.services import rebuild_post_search
from lianxin.cases.services.search import rebuild_search
from lianxin.kernel.cli_messages import say
from lianxin.operations.management.showing import shown


class Command(BaseCommand):
    help = "Make anew what cases and the posts of the board are found by, while people go on working."

    def handle(self, *args: Any, **options: Any) -> None:
        with shown("正在整理搜索", "Rebuilding the search") as begin:
            cases = rebuild_search(begin=begin)
        posts = rebuild_post_search()
        say(f"{cases} 件诉求、{posts} 条公开内容可以搜到了。", f"{cases} cases and {posts} posts can be found.")
