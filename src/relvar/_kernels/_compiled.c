/*
 * The one shared object that holds all of relvar's compiled modules.
 *
 * Why one: a statement passes a dozen modules.  As libraries of their own these are spread over the
 * address space, and what they execute does not fit into the processor's caches; in one the linker
 * puts all that is executed often side by side (docs/design/0015-one-shared-object.md).
 *
 * Python knows a module in a library by PyInit_ and the last part of its name, which several of relvar's
 * modules share.  So each has an entry here by its whole name; relvar/_kernels/__init__.py asks for it.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Whether what runs often was counted, and this is laid out by it. */
#ifdef RELVAR_TRAINED
#define TRAINED 1
#else
#define TRAINED 0
#endif

/* MODULE("relvar.engine.plan", PyInit_relvar_engine_plan) for each, written by setup.py. */
#define MODULE(name, init) extern PyObject *init(void);
#include "compiled_modules.h"
#undef MODULE

static const struct {
    const char *name;
    PyObject *(*init)(void);
} modules[] = {
#define MODULE(name, init) {name, init},
#include "compiled_modules.h"
#undef MODULE
};

#define COUNT (sizeof(modules) / sizeof(modules[0]))

static PyObject *
create_module(PyObject *Py_UNUSED(self), PyObject *spec)
{
    PyObject *name = PyObject_GetAttrString(spec, "name");
    PyObject *made = NULL;
    size_t at;

    if (name == NULL)
        return NULL;
    if (!PyUnicode_Check(name)) {
        PyErr_Format(PyExc_TypeError, "the name of a module is a string, not %R", name);
        Py_DECREF(name);
        return NULL;
    }
    for (at = 0; at < COUNT; at++)
        if (PyUnicode_CompareWithASCIIString(name, modules[at].name) == 0)
            break;
    if (at == COUNT) {
        PyErr_Format(PyExc_ImportError, "%R is no compiled module of relvar", name);
    }
    else {
        PyObject *found = modules[at].init();
        /* Cython's modules are made in two steps (PEP 489): the first gives a definition. */
        if (found != NULL && PyObject_TypeCheck(found, &PyModuleDef_Type))
            made = PyModule_FromDefAndSpec((PyModuleDef *)found, spec);
        else if (found != NULL)
            PyErr_Format(PyExc_SystemError, "%R was not made in two steps", name);
    }
    Py_DECREF(name);
    return made;
}

static PyObject *
exec_module(PyObject *Py_UNUSED(self), PyObject *module)
{
    PyModuleDef *definition = PyModule_GetDef(module);
    if (definition == NULL) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_TypeError, "%R is no compiled module", module);
        return NULL;
    }
    if (PyModule_ExecDef(module, definition) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"create_module", create_module, METH_O, "Make the module that an import specification names, not yet run."},
    {"exec_module", exec_module, METH_O, "Run a module that create_module() made."},
    {NULL, NULL, 0, NULL},
};

static int
add_facts(PyObject *module)
{
    PyObject *names = PyList_New(0);
    PyObject *frozen;
    int failed = 0;
    size_t at;

    if (names == NULL)
        return -1;
    for (at = 0; at < COUNT && !failed; at++) {
        PyObject *name = PyUnicode_FromString(modules[at].name);
        failed = name == NULL || PyList_Append(names, name) < 0;
        Py_XDECREF(name);
    }
    frozen = failed ? NULL : PyFrozenSet_New(names);
    Py_DECREF(names);
    if (frozen == NULL)
        return -1;
    failed = PyModule_AddObjectRef(module, "names", frozen) < 0
             || PyModule_AddObjectRef(module, "trained", TRAINED ? Py_True : Py_False) < 0;
    Py_DECREF(frozen);
    return failed ? -1 : 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, add_facts},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "relvar._kernels._compiled", "All of relvar's compiled modules.", 0, functions, slots,
    NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__compiled(void)
{
    return PyModuleDef_Init(&definition);
}
