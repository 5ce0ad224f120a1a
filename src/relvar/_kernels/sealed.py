"""
Descriptor classes that CPython reads past.

Where a class has a descriptor without ``__set__`` under a name, and the object a value, ``obj.name`` is the
value.  CPython 3.11 remembers for such a place in a program where objects keep the value, 5 ns instead of 15
to 45, if nobody can give the descriptor's class a ``__set__`` meanwhile: if it is immutable.  Classes written
in C are; one written in Python is when its metaclass is `Sealed`.  (3.12 and 3.13 remember it only for names
that the class has nothing under: 20 ns, sealed or not.)

Rule 1: what programs set in such a class is set, as in any other; it is immutable in between.
Rule 2: interpreted, it is a class like any other.
"""

# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
# (names that sealed.pxd declares)

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

__all__ = ["Sealed"]


@cython.cfunc
def _set_immutable(cls: object, yes: cython.bint) -> object:
    if cython.compiled:
        fields = cython.cast(cython.pointer(TypeWithFlags), cls)
        if yes:
            fields.tp_flags |= Py_TPFLAGS_IMMUTABLETYPE
        else:
            fields.tp_flags &= ~Py_TPFLAGS_IMMUTABLETYPE
    return None


class Sealed(type):
    """
    The type of a class of descriptors that have no ``__set__``.
    """

    def __init__(cls, *arguments, **keywords):
        # keywords are for __init_subclass__, which has had them
        type.__init__(cls, *arguments)
        _set_immutable(cls, True)

    def __setattr__(cls, name, value):
        _set_immutable(cls, False)
        try:
            type.__setattr__(cls, name, value)
        finally:
            _set_immutable(cls, True)

    def __delattr__(cls, name):
        _set_immutable(cls, False)
        try:
            type.__delattr__(cls, name)
        finally:
            _set_immutable(cls, True)
