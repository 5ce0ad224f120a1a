"""
Names in Firebird: reserved words by version, and quotes.

Without quotes a name is in upper case in the system tables, so a lower-case name of a program is one of
those, as with Oracle Database.

Source: ``RDB$KEYWORDS`` of Firebird 5.0.4; which of them Firebird 3.0.11 takes as a name was tried there.
Firebird 2.5: https://firebirdsql.org/file/documentation/html/en/refdocs/fblangref25/firebird-25-language-reference.html
"""

from __future__ import annotations

from typing import Any

from relvar.compile.names import ILLEGAL_INITIAL_CHARACTERS, IdentifierPreparer

RESERVED_WORDS_3 = frozenset(
    """
    add admin all alter and any as at avg begin between bigint bit_length blob boolean both by case cast
    char char_length character character_length check close collate column comment commit connect
    constraint corr count covar_pop covar_samp create cross current current_connection current_date
    current_role current_time current_timestamp current_transaction current_user cursor date day dec
    decimal declare default delete deleting deterministic disconnect distinct double drop else end escape
    execute exists external extract false fetch filter float for foreign from full function gdscode global
    grant group having hour in index inner insensitive insert inserting int integer into is join leading
    left like localtime localtimestamp long lower max merge min minute month national natural nchar no not
    null numeric octet_length of offset on only open or order outer over parameter plan position post_event
    precision primary procedure rdb$db_key rdb$record_version real record_version recreate recursive
    references regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
    release return returning_values returns revoke right rollback row row_count rows savepoint schema scroll
    second select sensitive set similar smallint some sqlcode sqlstate start stddev_pop stddev_samp sum
    table then time timestamp to trailing trigger trim true union unique unknown update updating upper user
    using value values var_pop var_samp varchar variable varying view when where while with year
    """.split()
)

RESERVED_WORDS_4 = RESERVED_WORDS_3 | frozenset(
    """
    binary decfloat int128 lateral local publication rdb$error rdb$get_context rdb$get_transaction_cn
    rdb$reset_context rdb$role_in_use rdb$set_context rdb$system_privilege resetting timezone_hour
    timezone_minute unbounded varbinary window without
    """.split()
)


class FBIdentifierPreparer(IdentifierPreparer):
    """
    Quote and format names for Firebird.
    """

    reserved_words: Any = RESERVED_WORDS_4
    illegal_initial_characters: Any = ILLEGAL_INITIAL_CHARACTERS | {"_"}

    def _set_version(self, version: tuple[int, ...]) -> None:
        """
        Take as reserved what a server's version has reserved.
        """
        self.reserved_words = set(RESERVED_WORDS_4 if version >= (4,) else RESERVED_WORDS_3)
        self._strings.clear()

    def format_savepoint(self, savepoint: Any, name: str | None = None) -> str:
        # generated names begin with an underscore, which needs quotes here
        return super().format_savepoint(savepoint, (name or savepoint.ident).lstrip("_"))
