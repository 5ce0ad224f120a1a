"""
An object's ``__dict__``, asked for where several threads may be the first to ask.

CPython 3.11 keeps an object's values without a dictionary until something asks for one.  Making it
allocates, so the garbage collector may run meanwhile, and with it a finalizer, or another thread, that
asks for the same ``__dict__``: each makes a dictionary of its own, over the same values.  One of the two
frees them, and the process ends later, anywhere.  3.12 looks again before it keeps what it made.

Rule 1: what several threads share from its making on (a dialect, a type, a statement's element, what is at
    the top of a module) and gets a dictionary only when something is kept in it, gets it by `own_dict`.
"""

try:
    import cython
except ImportError:
    from relvar._kernels import _shadow as cython

import gc
import sys

if cython.compiled:
    from cython.cimports.relvar._kernels.objects import relvar_own_dict

if cython.compiled:

    def own_dict(obj):
        """
        Return the ``__dict__`` of an object: one and the same to all that ask.
        """
        return relvar_own_dict(obj)

elif sys.version_info >= (3, 12):
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
