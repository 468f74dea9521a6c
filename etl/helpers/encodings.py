"""Bytes to text: which encoding a delivery is in, and unpacking without falling for a bomb."""

from __future__ import annotations

import codecs
import re
import zlib

from app.domain.errors import UnreadableFile

GZIP_MAGIC = b"\x1f\x8b"
_NO_TEXT = re.compile("[\0\x80-\x9f\ufffd\ud800-\udfff]")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(content: bytes) -> str:
    """Read ``content`` as text: by its byte order mark, else UTF-8, UTF-16, Windows-1252 or Latin-1.

    Never fails: bytes that the chosen encoding does not know come out as lone surrogates (``surrogateescape``),
    so that the reader can point at the row that holds them; see `undecodable` and `printable`.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _lenient(content[len(mark) :], name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return text
    if wide := _unmarked_utf16(content):
        return _lenient(content, wide)
    return text or _not_utf8(content)


def _not_utf8(content: bytes) -> str:
    """UTF-8 with some broken rows, Windows-1252 or, where that has no such byte, Latin-1."""
    guess = content.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= char <= "\udcff" for char in guess)
    foreign = sum(char > "\x7f" for char in guess) - broken
    if foreign > broken:  # UTF-8 in the main, with some broken rows
        return guess
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _lenient(content: bytes, name: str) -> str:
    if name == "utf-8":
        return content.decode(name, "surrogateescape")
    # UTF-16 and UTF-32 have no surrogateescape; what is broken shows as U+FFFD, which `undecodable` knows.
    return content.decode(name, "replace")


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without a mark shows as a NUL in nearly every other byte of Western text."""
    head = content[:4096]
    half = len(head) // 2
    if half < 2:
        return None
    if head[1::2].count(0) > 0.8 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.8 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def undecodable(text: str) -> bool:
    """Whether ``text`` holds bytes that `decode` could not read, or characters no database keeps (NUL)."""
    return _NO_TEXT.search(text) is not None


def printable(text: str) -> str:
    r"""``text`` with what could not be decoded written as ``\xNN``, so that nothing of it is lost."""
    try:
        whole = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that stand for no byte, as JSON may escape them
        whole = text.encode("utf-8", "backslashreplace")
    return whole.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def gunzip(content: bytes, limit: int) -> bytes:
    """Unpack gzip, also of several members.

    Args:
        content: What begins with `GZIP_MAGIC`.
        limit: The most bytes to unpack: a few kilobytes can claim to be terabytes.

    Raises:
        UnreadableFile: Broken or cut off, or larger than ``limit`` unpacked.
    """
    parts: list[bytes] = []
    left = limit
    rest = content
    while rest:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            part = unpacker.decompress(rest, left + 1)
        except zlib.error as error:
            if parts and not rest.strip(
                b"\0"
            ):  # padding after the last member, as tapes and some tools leave it
                break
            raise UnreadableFile("The file is packed with gzip and is damaged; fetch it again.") from error
        left -= len(part)
        if left < 0:
            raise UnreadableFile(f"The file is larger than {limit:,} bytes when unpacked; send it in parts.")
        if not unpacker.eof:
            raise UnreadableFile("The file is packed with gzip and is cut off; fetch it again.")
        parts.append(part)
        rest = unpacker.unused_data
    return b"".join(parts)
