"""The engine of the program, and a session for each request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from relvar.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from stock.models import Base


@asynccontextmanager
async def database(app: FastAPI, url: str) -> AsyncIterator[None]:
    """Have an engine, in the event loop that serves, as long as the program runs."""
    # no statement of a request takes longer than five seconds, no request waits longer for a connection
    engine = create_async_engine(url, pool_timeout=5, execution_options={"timeout": 5})
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    # objects keep their values when they are committed: the response is made of them afterwards
    app.state.make_session = async_sessionmaker(engine, expire_on_commit=False)
    try:
        yield
    finally:
        await engine.dispose()


def make_session(request: Request) -> async_sessionmaker[AsyncSession]:
    """Give the factory, to work that has its own transactions."""
    found: async_sessionmaker[AsyncSession] = request.app.state.make_session
    return found


async def session(request: Request) -> AsyncIterator[AsyncSession]:
    """Give a session that is closed with the request, and rolled back but for what was committed."""
    async with request.app.state.make_session() as session:
        yield session


MakeSession = Annotated[async_sessionmaker[AsyncSession], Depends(make_session)]
Session = Annotated[AsyncSession, Depends(session)]
