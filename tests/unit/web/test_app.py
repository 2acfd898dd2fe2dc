"""The server as it is put together."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from floodmark.web.app import application

from .pages.asking import site_of


@pytest.mark.parametrize(
    ("path", "status"),
    [("/metrics", 200), ("/healthz", 200), ("/v1/snapshot", 200), ("/nothing", 404), ("/v1/evaluate", 404)],
)
def test_every_answer_has_the_headers_of_security(published, path, status):
    with site_of(published.folder, role="buckets") as site:

        async def ask():
            transport = httpx.ASGITransport(application(site), client=("127.0.0.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.get(path)

        answer = asyncio.run(ask())
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
