"""The routes, and the program: ``uvicorn stock.service:app``."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, StreamingResponse

from relvar import exc, select
from relvar.ext.asyncio import AsyncSession
from relvar.orm import selectinload
from stock.database import MakeSession, Session, database
from stock.models import Article, Place
from stock.schemas import ArticleOut, Delivery, Move, NewArticle

router = APIRouter()
WITH_PLACES = selectinload(Article.places)


async def _article(session: AsyncSession, article_id: int, lock: bool = False) -> Article:
    # what the response reads is loaded here: nothing could load it later
    article = await session.get(Article, article_id, options=[WITH_PLACES], with_for_update=lock or None)
    if article is None:
        raise HTTPException(404, f"There is no article {article_id}")
    return article


@router.post("/articles", status_code=201, response_model=ArticleOut)
async def add_article(new: NewArticle, session: Session) -> Article:
    article = Article(name=new.name, places=[])
    session.add(article)
    try:
        await session.commit()
    except exc.IntegrityError:
        raise HTTPException(409, f"There is an article {new.name!r} already") from None
    return article


@router.get("/articles", response_model=list[ArticleOut])
async def list_articles(session: Session, after: int = 0, limit: int = 50) -> list[Article]:
    found = await session.scalars(
        select(Article).where(Article.id > after).order_by(Article.id).limit(limit).options(WITH_PLACES)
    )
    return list(found)


@router.get("/articles/{article_id}", response_model=ArticleOut)
async def read_article(article_id: int, session: Session) -> Article:
    return await _article(session, article_id)


@router.delete("/articles/{article_id}", status_code=204)
async def remove_article(article_id: int, session: Session) -> None:
    await session.delete(await _article(session, article_id))
    await session.commit()


@router.post("/articles/{article_id}/deliveries", response_model=ArticleOut)
async def deliver(article_id: int, delivery: Delivery, make_session: MakeSession) -> Article:
    async def work(session: AsyncSession) -> Article:
        article = await _article(session, article_id, lock=True)
        _put(article, delivery.shelf, delivery.amount)
        return article

    # the row is locked until the end: of two deliveries at once one waits, or is tried again
    return await make_session.run(work, deadline=5)


@router.post("/articles/{article_id}/moves", response_model=ArticleOut)
async def move(article_id: int, move: Move, make_session: MakeSession) -> Article:
    async def work(session: AsyncSession) -> Article:
        article = await _article(session, article_id, lock=True)
        _put(article, move.source, -move.amount)
        _put(article, move.target, move.amount)
        return article

    return await make_session.run(work, deadline=5)


def _put(article: Article, shelf: str, amount: int) -> None:
    place = next((each for each in article.places if each.shelf == shelf), None)
    if place is None:
        place = Place(shelf=shelf, amount=0)
        article.places.append(place)
    place.amount += amount
    if place.amount < 0:
        # what was changed is rolled back
        raise HTTPException(409, f"There is not enough of {article.name} on shelf {shelf!r}")


@router.get("/export")
async def export(make_session: MakeSession) -> StreamingResponse:
    """Stream all there is, as one line of JSON for each place."""

    async def lines() -> AsyncIterator[str]:
        # a session of its own: that of the request may be closed before the last line is sent
        query = select(Article.name, Place.shelf, Place.amount).join(Place.article)
        query = query.order_by(Article.name, Place.shelf)
        async with make_session() as session:
            async with session.stream(query, execution_options={"yield_per": 500}) as rows:
                async for row in rows:
                    yield json.dumps(row._asdict()) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


async def _too_late(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "The database is busy; try again"}, status_code=503)


def create_app(url: str) -> FastAPI:
    """Make the service over a database: ``sqlite+aiosqlite:///stock.db``, ``postgresql+asyncpg://...``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with database(app, url):
            yield

    app = FastAPI(title="Stock", lifespan=lifespan)
    app.include_router(router)
    app.add_exception_handler(exc.StatementTimeout, _too_late)
    app.add_exception_handler(exc.TimeoutError, _too_late)
    return app


app = create_app(os.environ.get("DATABASE_URL", "sqlite+aiosqlite:///stock.db"))
