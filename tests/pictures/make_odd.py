#!/usr/bin/env python3
"""Makes pictures that viewers show and decoders warn of, others that are cut
off, CMYK ones, and files that are not pictures we read.

Usage: make_odd.py FOLDER
"""
import pathlib
import struct
import sys
import zlib

sys.dont_write_bytecode = True
from make_hostile import chunk, png  # noqa: E402

HERE = pathlib.Path(__file__).parent
SOI, EOI, SOS, DQT, APP2, APP14 = 0xD8, 0xD9, 0xDA, 0xDB, 0xE2, 0xEE


def segment(code, body):
    return struct.pack(">BBH", 255, code, len(body) + 2) + body


class Bits:
    """The entropy coded part of a JPEG: after 0xff comes a 0."""

    def __init__(self):
        self.value = self.count = 0
        self.out = bytearray()

    def put(self, value, count):
        self.value = self.value << count | value
        self.count += count
        while self.count >= 8:
            self.count -= 8
            byte = self.value >> self.count & 255
            self.out += bytes([byte, 0]) if byte == 255 else bytes([byte])
        self.value &= (1 << self.count) - 1

    def end(self):
        self.put((1 << -self.count % 8) - 1, -self.count % 8)
        return bytes(self.out)


def flat_jpeg(values, transform=None, profile=None, size=64):
    """A baseline JPEG of one colour.

    values: a number a component, as stored. transform: of Adobe's segment, 0
    or 2 (YCCK). Quantisation is 1, DC codes have 4 bits, the only AC code is 0.
    """
    parts = len(values)
    out = bytes([255, SOI])
    if transform is not None:
        out += segment(APP14,
                       b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform))
    if profile is not None:
        out += segment(APP2, b"ICC_PROFILE\0\1\1" + profile)
    out += segment(DQT, b"\0" + b"\1" * 64)
    out += segment(0xC0, struct.pack(">BHHB", 8, size, size, parts)
                   + b"".join(bytes([i + 1, 0x11, 0]) for i in range(parts)))
    out += segment(0xC4, bytes([0] + [0, 0, 0, 12] + [0] * 12)
                   + bytes(range(12)))
    out += segment(0xC4, bytes([0x10, 1] + [0] * 15 + [0]))
    out += segment(SOS, bytes([parts])
                   + b"".join(bytes([i + 1, 0]) for i in range(parts))
                   + b"\0\x3f\0")
    bits = Bits()
    for block in range((size // 8) ** 2):
        for value in values:
            change = 0 if block else (value - 128) * 8
            length = abs(change).bit_length()
            bits.put(length, 4)
            if length:
                bits.put(change if change > 0 else change + (1 << length) - 1,
                         length)
            bits.put(0, 1)
    return out + bits.end() + bytes([255, EOI])


def inverted(*percent):
    """Ink as Adobe stores it."""
    return [255 - round(255 * x / 100) for x in percent]


def ycck(*percent):
    cyan, magenta, yellow, black = (round(255 * x / 100) for x in percent)
    luma = 0.299 * cyan + 0.587 * magenta + 0.114 * yellow
    blue = 128 + 0.564 * (yellow - luma)
    red = 128 + 0.713 * (cyan - luma)
    return [max(0, min(255, round(x))) for x in (luma, blue, red, 255 - black)]


def segments(jpeg):
    """{code: (position, length with its marker)} up to the first scan."""
    found = {}
    at = 2
    while SOS not in found:
        size = 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        found[jpeg[at + 1]] = (at, size)
        at += size
    return found


def odd_jpegs(name):
    """What can be shown whole, and what cannot."""
    whole = (HERE / name).read_bytes()
    found = segments(whole)
    table = found[DQT][0]
    scan = sum(found[SOS]) - 3
    half = len(whole) // 2
    samsung = whole[:scan] + b"\0\0\0" + whole[scan + 3:]
    junk = whole[:table] + b"junk\0\1\2" + whole[table:]
    yield "whole-no-end", whole[:-2]
    yield "whole-half-end", whole[:-1]
    yield "whole-padded", whole[:-2] + bytes(512)
    yield "whole-trailer", whole + b"trailer" * 99
    yield "whole-junk", junk
    yield "whole-junk-no-end", junk[:-2]
    if 0xC0 in found:
        yield "whole-samsung", samsung
        yield "whole-samsung-no-end", samsung[:-2]
        yield "cut-samsung", samsung[:half]
        yield "missing-samsung", samsung[:half] + bytes([255, EOI])
    yield "cut-1", whole[:-3]
    yield "cut-20", whole[:-22]
    yield "cut-half", whole[:half]
    yield "cut-header", whole[:scan - 9]
    yield "cut-junk", junk[:half]
    yield "missing-1", whole[:-3] + bytes([255, EOI])
    yield "missing-half", whole[:half] + bytes([255, EOI])


def odd_pngs():
    whole = (HERE / "rgb16.png").read_bytes()
    yield "whole-no-end", whole[:-12]
    yield "whole-text-crc", whole[:33] + chunk(b"tEXt", b"a\0b")[:-1] + b"?" \
        + whole[33:]
    yield "cut-1", whole[:-13]
    yield "cut-half", whole[:len(whole) // 2]
    yield "cut-header", whole[:20]
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 0x55
    yield "broken", bytes(broken)


def cut(name):
    whole = (HERE / name).read_bytes()
    yield "whole-trailer", whole + b"trailer" * 9
    for share in (3, 50, 98):
        yield f"cut-{share}", whole[:len(whole) * share // 100]


def wide_canvas():
    """A moving WebP of 10000 x 10000, 400 MB, whose frames are small."""
    def u24(number):
        return struct.pack("<I", number)[:3]

    def part(name, body):
        return name + struct.pack("<I", len(body)) + body

    pixels = (HERE / "photo.webp").read_bytes()[12:]
    frame = part(b"ANMF", u24(0) + u24(0) + u24(700 - 1) + u24(525 - 1)
                 + u24(100) + b"\0" + pixels)
    body = (b"WEBP"
            + part(b"VP8X", b"\2\0\0\0" + u24(9999) + u24(9999))
            + part(b"ANIM", bytes(6)) + frame * 2)
    return part(b"RIFF", body)


def ftyp(brand, *more):
    body = brand + bytes(4) + b"".join(more)
    return struct.pack(">I", len(body) + 8) + b"ftyp" + body


def raw_tiff(order, entries):
    """A TIFF of a directory without pixels, as cameras begin raw pictures."""
    sign = "<" if order == b"II" else ">"
    return (order + struct.pack(sign + "HIH", 42, 8, len(entries))
            + b"".join(struct.pack(sign + "HHII", tag, 4, 1, value)
                       for tag, value in sorted(entries.items())) + bytes(4))


def pictures():
    inks = {"k100": (0, 0, 0, 100), "all400": (100,) * 4,
            "c100": (100, 0, 0, 0), "m100": (0, 100, 0, 0),
            "mix": (30, 60, 20, 10), "paper": (0, 0, 0, 0)}
    for name, ink in inks.items():
        yield f"cmyk-{name}.jpg", flat_jpeg(inverted(*ink), 0)
        yield f"ycck-{name}.jpg", flat_jpeg(ycck(*ink), 2)
    yield "cmyk-plain.jpg", flat_jpeg(inverted(30, 60, 20, 10))
    for name, values in (("cmyk", inverted(30, 60, 20, 10)),
                         ("rgb", [100, 150, 200]), ("grey", [200])):
        yield f"icc-broken-{name}.jpg", flat_jpeg(values, 0, b"?" * 400)
    for name in ("photo-baseline", "photo-progressive", "grey"):
        for kind, content in odd_jpegs(name + ".jpg"):
            yield f"{kind}-{name}.jpg", content
    for kind, content in odd_pngs():
        yield f"{kind}-rgb16.png", content
    for name in ("photo.webp", "photo.avif"):
        for kind, content in cut(name):
            yield f"{kind}-{name}", content
    gif = (HERE / "animated.gif").read_bytes()
    yield "cut-first.gif", gif[:len(gif) // 20]
    yield "whole-first.gif", gif[:len(gif) // 2]  # later frames are not used
    yield "whole-no-end.gif", gif[:-1]
    # One pixel more than may be, and just as many; the black rows are there.
    row = {1: [bytes(3)], 65535: [bytes(3 * 65535)], 65536: [bytes(3 * 65536)]}
    yield "tall-65535.png", png(1, 65535, row[1], 65535)
    yield "tall-65536.png", png(1, 65536, row[1], 65536)
    yield "tall-50000000.png", png(1, 50000000, row[1] * 1000, 50000)
    yield "wide-65535.png", png(65535, 1, row[65535])
    yield "wide-65536.png", png(65536, 1, row[65536])
    yield "wide-50000000.png", png(50000000, 1, [bytes(1)])
    yield "canvas.webp", wide_canvas()
    yield "phone.png", png(8192, 6144, [bytes(3 * 8192)], 6144)
    yield "a.heic", ftyp(b"heic", b"mif1", b"heic") + bytes(99)
    yield "b.heic", ftyp(b"mif1", b"heic") + bytes(99)
    yield "a.mp4", ftyp(b"isom", b"mp42") + bytes(99)
    yield "a.bmp", b"BM" + bytes(99)
    yield "a.tiff", b"II*\0" + bytes(99)  # no directory
    yield "a.cr2", b"II*\0\x10\0\0\0CR\2\0" + bytes(99)
    yield "a.raf", b"FUJIFILMCCD-RAW 0201" + bytes(99)
    yield "a.nef", raw_tiff(b"MM", {254: 1, 330: 99})
    yield "a.dng", raw_tiff(b"II", {262: 2, 50706: 1})
    yield "a.psd", b"8BPS\0\1" + bytes(99)
    yield "a.jxl", b"\xff\x0a" + bytes(99)
    yield "a.jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99)
    yield "a.pdf", b"%PDF-1.7\n"
    yield "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    yield "a.html", b"<!DOCTYPE html><html></html>"
    yield "a.zip", b"PK\3\4" + bytes(99)
    yield "a.ico", b"\0\0\1\0" + bytes(99)
    yield "a.txt", b"Dear Sir or Madam,"


if __name__ == "__main__":
    for name, content in pictures():
        (pathlib.Path(sys.argv[1]) / name).write_bytes(content)
