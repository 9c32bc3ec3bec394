"""A setting that somebody changes in the page, written into their own file."""

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from quire.config import user_file, write_setting
from quire.server.file_routes import answered, decode_body, json_answer
from quire.server.policy import Declared, Page


class AskedToSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name`: such as `display.theme`."""

    name: str
    value: str | float | bool


async def change_setting(request: Request) -> Response:
    """Holds for every page from its next load on."""
    asked = await decode_body(request, AskedToSet)
    await asyncio.to_thread(write_setting, user_file(), asked.name, asked.value)
    return json_answer({})


SETTING_ROUTES: tuple[Declared, ...] = (Page("/api/settings/change", "edit", answered(change_setting), method="POST"),)
