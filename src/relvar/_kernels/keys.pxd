# how a value is mixed, see keys.py
cdef enum:
    NODE = 1
    TEXT = 2
    INTEGER = 3
    BOOLEAN = 4
    FLOAT = 5
    BYTES = 6
    SEQUENCE = 7
    MAPPING = 8
    TYPE = 9
    SERIAL = 10
    OTHER = 11
    SET = 12
    ANONYMOUS = 13
    QUOTED = 14
    NOTHING = 15
    PATTERN = 16
    ANNOTATION = 17
    BY_IDENTITY = 18

cpdef tuple statement_key(object statement)
cpdef object entities_key(object key)
cpdef object structure(object node)
