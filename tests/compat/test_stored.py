"""Pickles of mapped objects that SQLAlchemy has written."""

from __future__ import annotations

import base64
import importlib
import pickle
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from relvar import create_engine, inspect
from relvar.compat.stored import loads
from relvar.orm import Session

# what the program is that has written them; moved over, it imports relvar
PROGRAM = """
from relvar import JSON, ForeignKey
from relvar.ext.mutable import MutableDict
from relvar.ext.orderinglist import ordering_list
from relvar.orm import DeclarativeBase, Mapped, attribute_keyed_dict, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    data: Mapped[dict | None] = mapped_column(MutableDict.as_mutable(JSON))
    books: Mapped[list["Book"]] = relationship(
        back_populates="shelf", order_by="Book.place", collection_class=ordering_list("place")
    )
    by_name: Mapped[dict[str, "Book"]] = relationship(
        collection_class=attribute_keyed_dict("name"), viewonly=True
    )


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int | None]
    name: Mapped[str]
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id"))
    shelf: Mapped[Shelf | None] = relationship(back_populates="books")
"""

# written by SQLAlchemy 2.1.9, compressed: a shelf with two books, of which the name was changed; one that is
# expired; a row of a shelf and its id; a new shelf; and what is not read
CHANGED = (
    b"c-oCqU279T6m7mtLK;GgRA@nb(}Kq0gB4MvDi)1R!M@rqv%8brA+tN{?o8VVMf=d!z(5}yf2jY!JF}a#4Sg^Wc4zjUbLXCO=4bWK"
    b"-|B+<=~@Pq4~(wux#w@Qerit4Bfacp#A9(LNgPlQACek<H~Yp34}eDFu1KS9vEBYy)a|+TjH5Bd8>r|z0Vi4J87S*cAfkv#NyCEp"
    b"#OP{FBBZKFk(f*`)8mAt_?<|ZGG9rWnM;F*N@yIic<4n6flS1i#Wo@lvH_!^`K9Xx(oA$^M90{!S2{EO3!@jgAfYFc9Ja2TZk-Sb"
    b"W*^J?=Z4t6vTM10PP>PME9|RVf#945IZn4iIv|S6kOdM))eT=UE}8vQ<t(#%XXXnoLLvz=>y>MwU86^)o&4>6&V-`r(#Z5m*@=NC"
    b"`0z=l>k)~`kfui8pVQuIo2rP$xe!J#d3!WvgtPB-rvMdBz#^10U-{6{6)uhpJcP%(%tGv?YrYU8Jp0<*DMcD0TRe0l>9&{B0LPb1"
    b"D(5h~(2Ki8$>)4(>v($#bH-t+5>5h}klFq~#eqWyLdDV>q$2V*td2`5bw!?tJ(5_T(ZZHZAqhz$tpuxc65Q}*>D_F#RRE?zgnO{5"
    b"TjD52_B?RV)XjVy@C?mIMP9-yc)gFs3%dFiHMv69pi#WFU>CLQLmM?+x-_sdLF#@HFj!rOHA_&2&2s~N3>1Z@@N8;9-&&v>?!I|W"
    b"e0YxkjxG@cZ+Z*pPyd#V2e)-B|9?mL>Kc`8Bi}YEDW6{0gtl0W5oefFcU@{UO61r~l&>u3E*#jh4TyBzAA9-rycYKQkV<DVdiP+?"
    b"n8+F!dRP8nvmPCPK<|sN>!zn-yrv4%agK+9L-cwJ>9(oNt%HueMplD;Jj)0U6l~AzOyLtWq34WKa13L|@#9AIsT~sH2?!j?O>&|9"
    b"?mx)N_1F"
)
EXPIRED = (
    b"c-mc$O-sW-5Qc4<nhF(BJbSj6{0|X($ywG(GIf_`vvGF=MiBJi7Yryk{l9MGdT}oE!OZi{`;=~PCVOMh%t>t4OtWIl-@JV0N2U|u"
    b"K&aMvXe$&Ud1N|ucMUX^L_Orj>O77QFXCP?_7QPT^S^tRQ`)Z@a89sH=%_MUEAO$6;GG`ccgltdcyCqNdvyF67>TOGZ>2FC$CS39"
    b"gI-n+;<rj`@W5X**QQo$g*AUr7D@b0(+v(m@N)9Pt2d@aW1tqM^UAc2mvk`p9eBytVQuxwK$(UXZqYKG{WH5WV|$HlcsT%=jzxi1"
    b"L8Bh<Djr4aav>8}_N6QHAHB<u?*"
)
ROW = (
    b"c-n1KO>Yx15G6DvDWxiurs6}Q;zlJDi7PjxULZ7w<{VjGuM=DKt{2-&6QoLTXeiQ196J18#?H2BDSOzpXJ?+@%zOUc{xfdhOAkEv"
    b"Uko=w$ztA@<y4ol&zwDFVvev!i^|#AoH;3M>4U39unsQ~dUwkx8DZ_1-j{fWZ=k~}?qnGdp8Y3T`r6R1-H|RTBahSeNCtk$11Erk"
    b"9|>cfoyfVzaa@j+G!umTI!6glS#Z4ch6kB5UFLEoJq}@;@gmdH+SYzqIjl1R$s;JN`-Gsjui<x?=Tz+jFNI|E36dz?U~65`Z^Bz2"
    b"o4irlUt@Hy>QU{%17W!L3{?-dg)IslBEKcV8N!a7RoYR6hv0Np2O|9&p<CEoPqfVO7j&8wT5bq#49^TDQSBP_L%4(1ISzj!JTjK&"
    b"%vM2@FbMm1NIN=nI$ve9KU2YqcDv$1(O^|?xIhja(l^LiK=l^(*oP~6qXy<yt$G*Bpk4ApVl3`nokp$Xaw1*if3ZM#sFP`m=mOfu"
    b"h_TdFWJQ!--ymHFZTd_XMIB<xxfUULaO+kmS?e5+k(4I3jx*tOkWO<vfL-!x#izuC1<T@mr1N+|UP<;9+N2*gDCx*6U1ldN%qvOj"
    b"mn@Ehooaej*31j*Dy2n=Mh~5%`g8#=c%JJxPU^th+L33dGm4Nx2QdjYk}9`HOQMH<(?kC&H#KF$rm)6H(P*<tQ{!|2niip()!GD|"
    b"WHZ{wSZcbRj69~BdGkiC;0ftyxjI}Tkzmj|!9mNPp%V1TxQ9-`OFpF;z^i{;vyzKPW(ZH%C=S=?Z}O-qYFwc9RnKR2rp78$j|VOF"
    b"9@c`bu+9dp1=b6q+y4t(L(3)"
)
NEW = (
    b"c-mc1Jx{|h5G5t0l>k+g(vg+2<WInYN*6k#=n}iwlATb0AgELc1|)`)7&!hRKLk4ssH&Iy@ZEdw-fQ~(lk7DQyH;?uAneYY_(hj*"
    b"w5ACTa|^kwtb?lLc?gaZj_gu_Dh1asS#5OIwvTVxxp`CnWAy*_N$lf6sleKtL<a|Dt+jNHvlciGcO)Y`-61HzM%vpN7&lj-6cnmq"
    b"@ix#*(|5WfOe@fVVuUFJ2O;q|<j;@N1blGL$ih2r>65UpYbF<xGx~@lF4Nvc#Ow)_4<mS3)=Kfx$-0Ua;|uW0F<H7mhyB7!<z)Oy"
    b"m9()J1&HxI;do2=7IFZYZL;ePNU#Qz6-^VnCNT*ioQORQ6+Cc5c)nvmbkKOst8jA=MR=0WxsjmciqG1m)^BknI=1kI7)*QO43lLL"
    b"CN6xD{Q}x~!;S"
)
TEXT = (
    b"c-m`Vnd-{`0X^cyg*k~i$r-7+m3ly?UTRKiZfagh@su8}kkpD2=bXgS;?yaVr)V}#shy(H!yTWLnU_+KSd^Gs3>4^LDFG^)(!-cI"
    b"r8G$o05~Ne&;"
)
OPTION = (
    b"c-mD_%}N6?5U$YDA1FO29`qny#9sCt^ejEtvxIDRY(le}HJPAW5cJT}Lv9@($@g-0QLs783}2Y<C;8}qeV_EYldi&xl~!peo6Pw#"
    b"3+N@nsu8Y6<ElWZ|KMan2bzD<JKd&!Em6}GPlKSrK2sVjyMEv)cWxbMM|zn0_dGMW*b$_mauvcGlJ2E*afj$l9ubzmVn+&kz~p+Y"
    b"CrmT#wnu-a*o>7MZleGe6q<^)wv;B;DQR2F?DzU#qKL+3!jxr1nOi7~LZNtndIYg_n{4JmMISh|D4^z$i!@d`R_kCkK#RDgM@lon"
    b"F}xJY8w778&C^-!T`gDaP@of*vw#n@Pp5(jU8RieE*xs`%sCS7SzuE$Wx5pYYl>IHrFOO{ov*b~9m<ONmh{a&UC5#^?Qd|#;G$O`"
    b"ph89<&^+eZ4|;gJQ~"
)


def bytes_of(text: bytes) -> bytes:
    return zlib.decompress(base64.b85decode(text))


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "shelf.py").write_text(PROGRAM)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("shelf")
    del sys.modules["shelf"]


def test_an_object_with_its_collections_and_changes(shelf: Any) -> None:
    engine = create_engine("sqlite://")
    shelf.Base.metadata.create_all(engine)
    with Session(engine) as session:
        books = [shelf.Book(id=1, name="a"), shelf.Book(id=2, name="b")]
        session.add(shelf.Shelf(id=1, name="top", data={}, books=books))
        session.commit()
    found = loads(bytes_of(CHANGED))
    state = inspect(found)
    assert state.detached and state.identity == (1,) and type(found) is shelf.Shelf
    assert state.attrs.name.history == (["low"], (), ["top"])
    assert [(book.name, book.place) for book in found.books] == [("a", 0), ("b", 1)]
    assert found.by_name == {"a": found.books[0], "b": found.books[1]}
    with Session(engine) as session:
        session.add(found)
        found.data["more"] = 2
        found.books.insert(0, shelf.Book(id=3, name="c"))
        session.commit()
        assert (found.name, found.data) == ("low", {"k": 1, "more": 2})
        assert [(book.id, book.place) for book in found.books] == [(3, 0), (1, 1), (2, 2)]
        assert sorted(found.by_name) == ["a", "b", "c"]
        expired = loads(bytes_of(EXPIRED))
        assert inspect(expired).expired_attributes == {"id", "name", "data", "books", "by_name"}
        assert session.merge(expired).name == "low"


def test_rows_of_objects_and_new_objects(shelf: Any) -> None:
    row = loads(bytes_of(ROW))
    assert (row.id, row.Shelf.name, row.Shelf.data) == (1, "top", {"k": 1})
    new = loads(bytes_of(NEW))
    assert inspect(new).transient and (new.id, new.name, new.data) == (7, "q", {"z": 1})
    # relvar's own pickles take it from there
    again = pickle.loads(pickle.dumps(row.Shelf))
    assert again.id == 1


@pytest.mark.parametrize("written", [TEXT, OPTION], ids=["text", "option"])
def test_what_is_not_read_is_said(shelf: Any, written: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError, match="of SQLAlchemy's"):
        loads(bytes_of(written))
