"""Long answers in pieces."""

from __future__ import annotations

import asyncio

import pytest

from floodmark.web.hot.pieces import PIECE, send_pieces


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 7])
def test_pieces_make_the_whole_and_the_last_says_so(size):
    body, sent = bytes(range(256)) * (size // 256 + 1), []
    body = body[:size]

    async def send(message):
        sent.append(message)

    asyncio.run(send_pieces(send, body))
    assert b"".join(message["body"] for message in sent) == body
    assert [message.get("more_body", False) for message in sent] == [True] * (len(sent) - 1) + [False]
    assert all(len(message["body"]) <= PIECE for message in sent)
