"""
What an object has of its own, without what its class makes of that: its ``__dict__``, a class's descriptors.

CPython 3.11 keeps an object's values without a dictionary until something asks for one.  Making it
allocates, so the garbage collector may run meanwhile, and with it a finalizer, or another thread, that
asks for the same ``__dict__``: each makes a dictionary of its own, over the same values.  One of the two
frees them, and the process ends later, anywhere.  3.12 looks again before it keeps what it made.

Rule 1: what several threads share from its making on (a dialect, a type, a statement's element, what is at
    the top of a module) and gets a dictionary only when something is kept in it, gets it by `own_dict`.
    The dictionary of anything that has one may be asked for by `instance_dict`.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import gc
import sys

if cython.compiled:
    from cython.cimports.cpython.object import PyTypeObject
    from cython.cimports.cpython.ref import PyObject
    from cython.cimports.relvar._kernels.objects import _PyType_Lookup, relvar_own_dict
    from cython.cimports.relvar._kernels.past import _get

    def instance_dict(obj):
        """
        Return the ``__dict__`` of an object, for `own_dict` and for what has one.
        """
        return relvar_own_dict(obj)

    own_dict = instance_dict

    def item_of(mapping, name):
        """
        Return what a dictionary has under a name, or None, without asking its class.
        """
        if not isinstance(mapping, dict):
            raise TypeError(f"expected a dictionary, got {mapping!r}")
        return _get(mapping, name)

else:
    item_of = dict.get
    instance_dict = vars

    if sys.version_info >= (3, 12):
        own_dict = vars

    else:

        def own_dict(obj):
            """
            Return the ``__dict__`` of an object: one and the same to all that ask.
            """
            if not gc.isenabled():
                return obj.__dict__
            gc.disable()
            try:
                return obj.__dict__
            finally:
                gc.enable()


def is_found(obj, name, known):
    """
    Tell whether *known* is what the class of an object has under a name, a descriptor as such.
    """
    if cython.compiled:
        cls: object = type(obj)
        return _PyType_Lookup(cython.cast(cython.pointer(PyTypeObject), cls), name) == cython.cast(
            cython.pointer(PyObject), known
        )
    return getattr(type(obj), name, None) is known


def class_attribute(cls, name, default=None):
    """
    Return what a class has under a name, a descriptor as such.
    """
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return default
