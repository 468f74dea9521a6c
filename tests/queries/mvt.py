"""The smallest reader of vector tiles: what a tile says, without a library that could be wrong the same way."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protobuf message: (number, value)."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = varint()
        number, wire = key >> 3, key & 7
        if wire == 0:
            yield number, varint()
        else:
            length = {1: 8, 5: 4}.get(wire) or varint()
            yield number, data[at : at + length]
            at += length


def _varints(data: bytes) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            values.append(value)
            value = shift = 0
    return values


def _value(data: bytes) -> Any:
    number, raw = next(fields(data))
    if number == 1:
        return raw.decode()
    if number == 2:
        return struct.unpack("<f", raw)[0]
    if number == 3:
        return struct.unpack("<d", raw)[0]
    if number == 6:
        return (raw >> 1) ^ -(raw & 1)
    return bool(raw) if number == 7 else raw


def features(tile: bytes) -> list[dict[str, Any]]:
    """The properties of every feature in a tile, with ``layer`` and ``type`` (1 point, 3 polygon)."""
    found = []
    for number, layer in fields(tile):
        assert number == 3
        parts = list(fields(layer))
        name = next(value for n, value in parts if n == 1).decode()
        keys = [value.decode() for n, value in parts if n == 3]
        values = [_value(value) for n, value in parts if n == 4]
        for _, feature in (part for part in parts if part[0] == 2):
            told = dict(fields(feature))
            tags = _varints(told.get(2, b""))
            properties = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
            found.append({"layer": name, "type": told[3], **properties})
    return found
