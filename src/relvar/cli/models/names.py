"""
Python names for what a database calls something.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

__all__ = ["class_name", "free_name", "identifier", "plural", "singular", "snake"]

# What English forms without a rule, among the words that tables are named by.
_IRREGULAR = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "mouse": "mice",
    "index": "indices",
    "vertex": "vertices",
    "matrix": "matrices",
    "datum": "data",
    "medium": "media",
    "criterion": "criteria",
    "analysis": "analyses",
    "basis": "bases",
    "axis": "axes",
    "movie": "movies",
    "cookie": "cookies",
    "cache": "caches",
    "leaf": "leaves",
    "shelf": "shelves",
    "quiz": "quizzes",
}
_SINGULAR = {many: one for one, many in _IRREGULAR.items()}
_UNCHANGED = {
    "news",
    "series",
    "species",
    "equipment",
    "information",
    "metadata",
    "staff",
    "sheep",
    "fish",
    "money",
}
_BOTH = re.compile(r"^(.*?)([^\W_]*)$", re.DOTALL)


def identifier(name: str) -> str:
    """
    Return a name that Python takes, as near to *name* as can be.

    >>> identifier("class"), identifier("2nd line"), identifier("__id"), identifier("straße"), identifier("-")
    ('class_', '_2nd_line', 'id_', 'straße', 'unnamed')
    """
    name = unicodedata.normalize("NFKC", name)
    made = re.sub(r"\W", "_", name)
    if made.startswith("__"):
        # Python would make another name of it inside of a class
        made = made.strip("_") + "_" if made.strip("_") else ""
    if not made.strip("_"):
        return "unnamed"
    if not made.isidentifier():
        made = f"_{made}"
    if not made.isidentifier():
        made = re.sub(r"[^\x00-\x7f]", "_", made)
    return f"{made}_" if keyword.iskeyword(made) or keyword.issoftkeyword(made) and made != "type" else made


def snake(name: str) -> str:
    """
    Return a name in small letters, with underscores between its words.

    >>> snake("OrderItem"), snake("HTTPRequests"), snake("order items"), snake("users2")
    ('order_item', 'http_requests', 'order_items', 'users2')
    """
    name = re.sub(r"\W", "_", unicodedata.normalize("NFKC", name))
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"_+", "_", name).strip("_").lower()


def class_name(table: str, taken: Collection[str] = ()) -> str:
    """
    Return the name of the class of a table: of one row, in CamelCase.

    >>> class_name("order_items"), class_name("People"), class_name("address"), class_name("2d shapes")
    ('OrderItem', 'Person', 'Address', '_2dShape')
    >>> class_name("orders", taken={"Order"})
    'Order_'
    """
    words = singular(snake(table)).split("_")
    made = identifier("".join(word[:1].upper() + word[1:] for word in words) or "Unnamed")
    return free_name([made, f"{made}_"], taken)


def free_name(wishes: Iterable[str], taken: Collection[str]) -> str:
    """
    Return the first of *wishes* that is not taken; else the last, with a number.

    >>> free_name(["a", "b"], {"a"}), free_name(["a", "b"], {"a", "b", "b_2"})
    ('b', 'b_3')
    """
    wish = ""
    for wish in wishes:
        if wish not in taken:
            return wish
    number = 2
    while f"{wish}_{number}" in taken:
        number += 1
    return f"{wish}_{number}"


def singular(words: str) -> str:
    """
    Return the name of one thing: the last word in its singular, if it has one that rules can tell.

    >>> [singular(w) for w in ("users", "order_entries", "boxes", "status", "addresses", "people", "aliases")]
    ['user', 'order_entry', 'box', 'status', 'address', 'person', 'alias']
    >>> [singular(w) for w in ("houses", "movies", "caches", "series", "bus", "analysis", "heroes", "news")]
    ['house', 'movie', 'cache', 'series', 'bus', 'analysis', 'hero', 'news']
    """
    before, word = _last_word(words)
    low = word.lower()
    if low in _SINGULAR:
        return before + _as_case(word, _SINGULAR[low])
    if (
        low in _UNCHANGED
        or low in _IRREGULAR
        or re.search(r"(ss|us|is)$|^(gas|atlas|canvas|bias|alias|as)$", low)
    ):
        return words
    if low.endswith("ies") and len(low) > 4:
        return f"{before}{word[:-3]}y"
    if re.search(r"(ss|x|ch|sh|zz|[lt]ias|(stat|b|vir|camp|bon)us)es$|(hero|echo|potato|tomato)es$", low):
        return before + word[:-2]
    return before + word[:-1] if low.endswith("s") and len(low) > 2 else words


def plural(words: str) -> str:
    """
    Return the name of many things: the last word in its plural.

    >>> [plural(w) for w in ("user", "order_entry", "box", "status", "day", "person", "alias", "users")]
    ['users', 'order_entries', 'boxes', 'statuses', 'days', 'people', 'aliases', 'users']
    """
    before, word = _last_word(words)
    low = word.lower()
    if low in _IRREGULAR:
        return before + _as_case(word, _IRREGULAR[low])
    if low in _UNCHANGED or low in _SINGULAR or singular(word) != word:
        return words
    if re.search(r"[^aeiou]y$", low):
        return f"{before}{word[:-1]}ies"
    if re.search(r"(s|x|z|ch|sh|hero|echo|potato|tomato)$", low):
        return f"{before}{word}es"
    return f"{before}{word}s"


def _last_word(words: str) -> tuple[str, str]:
    found = _BOTH.match(words)
    assert found is not None  # it matches any text
    return found.group(1), found.group(2)


def _as_case(like: str, word: str) -> str:
    return word.capitalize() if like[:1].isupper() else word
