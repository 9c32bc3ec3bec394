"""S19 to S21: the token, the cookie, and those who guess."""

import logging

import pytest

from quire.protocol import notices as n
from quire.server.address import Address
from quire.server.gate import WRONG_SECONDS, WRONG_TOKENS, Admit, Exchange

from .gates import (
    cookie,
    is_refused,
    keys,
    refused_socket,
    run,
    scope,
    verdict,
)
from .serving import TOKEN, serving

# -- S19: the token


def test_S19_the_token_leaves_the_address_at_once(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            exchanged = await server.get(f"/?token={TOKEN}")
            cookie = exchanged.cookies[0].split(";")[0]
            page = await server.get(Cookie=cookie)
            again = await server.get(f"/?token={TOKEN}", Cookie=cookie)
            stale = await server.get("/?token=old", Cookie=cookie)
            return exchanged, page, again, stale

    exchanged, page, again, stale = run(story())
    assert (exchanged.status, exchanged.headers["location"]) == (303, "/")
    assert TOKEN not in exchanged.cookies[0]
    assert TOKEN not in page.text
    assert page.status in {200, 503}  # the editor may not be built here
    for reply in (again, stale):
        assert (reply.status, reply.headers["location"], reply.cookies) == (303, "/", ())


def test_S19_the_token_is_in_no_log(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    async def story():
        async with serving(tmp_path) as server:
            await server.get(f"/?token={TOKEN}")
            await server.get(f"/missing?token={TOKEN}")
            await server.get(f"/?token={TOKEN}&token=two")
            await server.get("/", token=TOKEN)
            await refused_socket(server, f"/socket?token={TOKEN}", origin=server.origin)
            await server.send(
                f"GET /?token={TOKEN} HTTP/1.1\nHost: {server.host}\nBroken header {TOKEN}\nConnection: close"
            )
            async with server.page() as page:
                await page.first(n.NotebookOpened)
                await page.socket.send(b"\xc1")
                await page.ended()

    run(story())
    ours = [record for record in caplog.records if not record.name.startswith("websockets.client")]
    assert not any(TOKEN in record.getMessage() for record in ours)
    printed = capfd.readouterr()
    assert TOKEN not in printed.out + printed.err


def test_S19_another_token_ends_all_cookies():
    before = keys("old")

    assert is_refused(scope(cookie=cookie(before)), keys("new"), status=401)


def test_S19_a_ticket_opens_the_page_once():
    """The browser is started with a ticket in its arguments, which other users of the machine may see."""
    having = keys()
    having.issue_ticket("ticket")

    assert isinstance(verdict(scope(query="token=ticket"), having), Exchange)
    assert is_refused(scope(query="token=ticket"), having, status=401)


def test_S19_a_ticket_expires():
    now = [0.0]
    having = keys(clock=lambda: now[0])
    having.issue_ticket("ticket", seconds=10)
    now[0] = 11

    assert is_refused(scope(query="token=ticket"), having, status=401)


def test_S19_an_empty_token_is_none_at_all():
    with pytest.raises(ValueError, match="would let everybody in"):
        keys("")
    assert is_refused(scope(query="token="), status=401)
    assert is_refused(scope(query=f"token={TOKEN}&token={TOKEN}"), status=401)


@pytest.mark.parametrize("token", ["é", "😀", "\udcff", "%", TOKEN[:-1], f"{TOKEN} ", TOKEN.upper()])
def test_S19_odd_tokens_are_wrong_tokens(token):
    from urllib.parse import quote

    assert is_refused(scope(query=f"token={quote(token, errors='surrogateescape')}"), status=401)


# -- S20: the cookie


def test_S20_the_cookie_is_narrow(tmp_path):
    async def story():
        async with serving(tmp_path, base="/notes") as server:
            reply = await server.get(f"/notes/?token={TOKEN}")
            return server.address.port, reply.cookies

    port, (value,) = run(story())
    assert value.startswith(f"quire-{port}=")
    assert {part.strip().lower() for part in value.split(";")[1:]} == {"httponly", "path=/notes/", "samesite=strict"}


def test_S20_servers_on_one_host_keep_their_cookies_apart():
    other = keys(address=Address("127.0.0.1", 2719))

    assert other.cookie_name != keys().cookie_name
    assert is_refused(scope(cookie=cookie(other)), status=401)


def test_S20_a_page_that_another_site_opened_asks_again_by_itself(tmp_path):
    """A strict cookie is not sent then; a reload of our own is, and does not reload once more."""

    async def story():
        async with serving(tmp_path) as server:
            return await server.get(Sec_Fetch_Site="cross-site"), await server.get(Sec_Fetch_Site="same-origin")

    led, own = run(story())
    assert 'http-equiv="refresh" content="0; url=/"' in led.text
    assert "refresh" not in own.text


# -- S21: guessing


def test_S21_many_wrong_tokens_stop_the_right_one_for_a_while():
    now = [0.0]
    having = keys(clock=lambda: now[0])
    for number in range(WRONG_TOKENS):
        assert is_refused(scope(query=f"token=guess{number}"), having, status=401)

    assert is_refused(scope(query=f"token={TOKEN}"), having, status=429)
    assert is_refused(scope(authorization=f"Bearer {TOKEN}"), having, status=429)
    assert verdict(scope(cookie=cookie(having)), having) == Admit()
    now[0] = WRONG_SECONDS + 1
    assert isinstance(verdict(scope(query=f"token={TOKEN}"), having), Exchange)
