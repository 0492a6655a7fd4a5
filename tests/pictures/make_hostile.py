#!/usr/bin/env python3
"""Makes the pictures that are too large, or too odd, to be kept.

Usage: make_hostile.py FOLDER
"""
import pathlib
import struct
import sys
import zlib


def chunk(name, body):
    return (struct.pack(">I", len(body)) + name + body
            + struct.pack(">I", zlib.crc32(name + body)))


def deflate(rows, times):
    """zlib data of `rows` repeated: full flushes make the same bytes again."""
    plain = b"".join(b"\0" + row for row in rows)
    pack = zlib.compressobj(1, zlib.DEFLATED, -15)
    block = pack.compress(plain) + pack.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(plain, check)
    return (b"\x78\x01" + block * times + b"\x03\x00"
            + struct.pack(">I", check))


def png(width, height, rows, times=1, colour_type=2):
    """A PNG whose pixels are `rows`, unfiltered bytes, that many times."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", deflate(rows, times)) + chunk(b"IEND", b""))


if __name__ == "__main__":
    pictures = {
        # Claims 900 MP, holds one row.
        "claims-30000.png": png(30000, 30000, [bytes(90000)]),
        # 256 MP that really are there, in 0.75 MB.
        "bomb-16000.png": png(16000, 16000, [bytes(48000)] * 100, 160),
        # Taller than WebP can be.
        "tall.png": png(20, 20000, [bytes([0, 128, 255] * 20)] * 20000),
        "dot.png": png(1, 1, [bytes([10, 20, 30])]),
        # Opaque green beside transparent red: red must not bleed into green.
        "fringe.png": png(2000, 16, [bytes([0, 255, 0, 255, 255, 0, 0, 0]
                                           * 1000)] * 16, colour_type=6),
    }
    for name, content in pictures.items():
        (pathlib.Path(sys.argv[1]) / name).write_bytes(content)
