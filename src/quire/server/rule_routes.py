"""The pages that explain what `quire check` finds, for whoever follows a finding there."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from quire.check import RULES
from quire.check.pages import read_page
from quire.outputs.markdown import render_markdown
from quire.outputs.sanitise import sanitise
from quire.server.assets import Assets
from quire.server.pages import rule_page, unbuilt_page
from quire.server.policy import Declared, Page

_BY_CODE = {rule.code: rule for rule in RULES}


async def show_rule(request: Request) -> Response:
    """Only codes of rules mean anything here: nothing of the request becomes a path."""
    assets: Assets = request.app.state.assets
    base: str = request.app.state.base
    rule, entry = _BY_CODE.get(request.path_params["code"]), assets.entries.get("edit")
    if rule is None:
        return PlainTextResponse("there is no such rule\n", status_code=404)
    if entry is None:
        return unbuilt_page(base)
    try:
        markup = await asyncio.to_thread(lambda: sanitise(render_markdown(read_page(rule))))
    except FileNotFoundError:
        return PlainTextResponse("the pages of rules are not installed\n", status_code=404)
    return rule_page(base, entry, f"{rule.code}: {rule.name}", markup)


RULE_ROUTES: tuple[Declared, ...] = (Page("/rules/{code}", "edit", show_rule),)
