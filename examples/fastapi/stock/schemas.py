"""What goes over the wire."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class NewArticle(BaseModel):
    name: str = Field(min_length=1, max_length=80)


class PlaceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    shelf: str
    amount: int


class ArticleOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    places: list[PlaceOut]


class Delivery(BaseModel):
    shelf: str = Field(min_length=1, max_length=10)
    amount: int = Field(gt=0)


class Move(BaseModel):
    source: str
    target: str = Field(min_length=1, max_length=10)
    amount: int = Field(gt=0)
