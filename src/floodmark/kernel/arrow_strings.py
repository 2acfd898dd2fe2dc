"""Text columns as the kernel reads them: where they lie, through the Arrow C stream interface, without a copy.

Polars lays strings out as views (Arrow format "vu"): 16 bytes a string, which hold the length and either the string
itself, up to 12 bytes, or where the rest of it lies. Lists of strings would cost 50 to 90 ns a row to make, one long
string and its lengths about 45; this costs nothing a row.

The structures are those of https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Protocol

VIEW = b"vu"
VIEW_BYTES = 16


class ArrowStrings(Protocol):
    """Whatever exports an Arrow C stream of one column, such as a Polars series."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


class _Schema(ctypes.Structure):
    _fields_ = (
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


class _Array(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_GET = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Stream(ctypes.Structure):
    _fields_ = (
        ("get_schema", _GET),
        ("get_next", _GET),
        ("get_last_error", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def chunks(column: ArrowStrings) -> Iterator[tuple[int, int, int]]:
    """The chunks of a text column, one at a time; what they point at lives until the next one is asked for.

    Yields:
        Number of strings, address of their views, and address of an array of the addresses of the buffers that the
        views name.

    Raises:
        TypeError: the column is not of strings in Arrow's view layout, or it has nulls.
    """
    capsule = column.__arrow_c_stream__()  # owns the stream, and releases it at the end
    stream = _Stream.from_address(_pointer(capsule, b"arrow_array_stream"))
    if _format(stream) != VIEW:
        raise TypeError("not a column of strings in Arrow's view layout")
    while True:
        array = _Array()
        if stream.get_next(ctypes.addressof(stream), ctypes.addressof(array)):
            raise RuntimeError("the column's Arrow stream ended in an error")
        if not array.release:
            return
        try:
            if array.null_count:
                raise TypeError("a column of strings with nulls")
            if array.length:
                views = array.buffers[1] + array.offset * VIEW_BYTES
                buffers = ctypes.addressof(array.buffers.contents) + 2 * ctypes.sizeof(ctypes.c_void_p)
                yield array.length, views, buffers
        finally:
            _RELEASE(array.release)(ctypes.addressof(array))


def _format(stream: _Stream) -> bytes:
    schema = _Schema()
    if stream.get_schema(ctypes.addressof(stream), ctypes.addressof(schema)):
        raise RuntimeError("the column's Arrow stream has no schema")
    try:
        return bytes(schema.format)
    finally:
        _RELEASE(schema.release)(ctypes.addressof(schema))
