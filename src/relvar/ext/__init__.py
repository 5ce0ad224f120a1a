"""
Extensions: what is built on the public interfaces of the layers below.
"""
