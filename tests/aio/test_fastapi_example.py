"""The service under examples/fastapi, through its ASGI app, on each driver."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from relvar import text

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "fastapi"


@pytest.fixture
def serve(aio_url: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function: coroutine function -> run it with a client of the service, and the service."""
    monkeypatch.syspath_prepend(EXAMPLE)
    for name in [name for name in sys.modules if name.partition(".")[0] == "stock"]:
        monkeypatch.delitem(sys.modules, name)
    from stock.service import create_app

    def run(work: Callable[[httpx.AsyncClient, Any], Awaitable[None]]) -> None:
        async def main() -> None:
            app = create_app(aio_url.render_as_string(hide_password=False))
            transport = httpx.ASGITransport(app)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url="http://stock") as client,
            ):
                await work(client, app)
                assert app.state.make_session.kw["bind"].pool.checkedout() == 0

        asyncio.run(main())

    return run


def test_a_day_in_the_stock(serve: Any) -> None:
    async def work(client: httpx.AsyncClient, app: Any) -> None:
        made = await client.post("/articles", json={"name": "bolt"})
        assert (made.status_code, made.json()["places"]) == (201, [])
        one = f"/articles/{made.json()['id']}"
        assert (await client.post("/articles", json={"name": "bolt"})).status_code == 409
        assert (await client.get("/articles/999")).status_code == 404
        assert (await client.post("/articles", json={"name": ""})).status_code == 422

        await client.post(f"{one}/deliveries", json={"shelf": "a", "amount": 7})
        await client.post(f"{one}/moves", json={"source": "a", "target": "b", "amount": 3})
        there = [{"shelf": "a", "amount": 4}, {"shelf": "b", "amount": 3}]
        assert (await client.get(one)).json()["places"] == there
        for source, amount in (("a", 5), ("c", 1)):
            refused = await client.post(
                f"{one}/moves", json={"source": source, "target": "b", "amount": amount}
            )
            assert refused.status_code == 409, refused.text
        assert [found["places"] for found in (await client.get("/articles")).json()] == [there]

        lines = (await client.get("/export")).text.splitlines()
        assert [json.loads(line) for line in lines] == [{"name": "bolt", **place} for place in there]
        assert (await client.delete(one)).status_code == 204
        assert (await client.get("/articles")).json() == (await client.get("/export")).text.splitlines() == []

    serve(work)


def test_many_requests_at_once(serve: Any) -> None:
    async def work(client: httpx.AsyncClient, app: Any) -> None:
        one = f"/articles/{(await client.post('/articles', json={'name': 'nut'})).json()['id']}"
        first = await client.post(f"{one}/deliveries", json={"shelf": "a", "amount": 100})
        assert first.status_code == 200
        moves = [
            client.post(f"{one}/moves", json={"source": source, "target": target, "amount": 1})
            for source, target in [("a", "b")] + [("a", "b"), ("b", "a")] * 6
        ]
        answers = await asyncio.gather(*moves)
        assert {answer.status_code for answer in answers} <= {200, 409}
        places = (await client.get(one)).json()["places"]
        assert sum(place["amount"] for place in places) == 100

    serve(work)


def test_a_database_that_is_busy(serve: Any) -> None:
    async def work(client: httpx.AsyncClient, app: Any) -> None:
        make = app.state.make_session
        engine = make.kw["bind"].execution_options(timeout=0.05)
        make.configure(bind=engine)
        slow = {
            "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
            "postgresql": "SELECT pg_sleep(9)",
            "mariadb": "SELECT sleep(9)",
        }

        @app.get("/slow")
        async def read_slow() -> None:
            async with make() as session:
                await session.execute(text(slow[engine.name]))

        answer = await client.get("/slow")
        assert (answer.status_code, answer.json()["detail"]) == (503, "The database is busy; try again")
        make.configure(bind=engine.execution_options(timeout=5))
        assert (await client.get("/articles")).status_code == 200

    serve(work)
