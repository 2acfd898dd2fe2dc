"""Checks against a server on this machine, honest and otherwise."""

from __future__ import annotations

import asyncio

import pytest

from floodmark.exposure.check import check, check_async

from .published import EMAIL, NOW, PHONE, ROOT, STRANGER

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def asked(server, *identifiers, **options):
    options = {"source": server.address, "root_key": ROOT.public, "clock": lambda: NOW} | options
    return check(list(identifiers), **options)


def test_a_server_answers_as_a_folder_does(server):
    checked = asked(server, PHONE, EMAIL, STRANGER)
    assert [len(one.leaks) for one in checked.identifiers] == [2, 1, 0]
    assert [request.part for request in server.requests] == ["snapshot", "evaluate"] + ["buckets"] * 12


def test_an_event_loop_gets_the_same_answer(server):
    found = asyncio.run(
        check_async(EMAIL, source=server.address, root_key=ROOT.public.hex(), clock=lambda: NOW)
    )
    assert found == asked(server, EMAIL)


def test_a_check_that_blocks_works_inside_an_event_loop(server):
    async def inside():
        return asked(server, EMAIL)

    assert asyncio.run(inside()).found
