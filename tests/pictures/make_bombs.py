#!/usr/bin/env python3
"""Makes files that want to cost a decoder much: time, memory, or a crash.

Usage: make_bombs.py FOLDER

The name says what may become of a file:
  header-…   is refused for what its header says, before any pixel is decoded
  within-…   is read or refused, within the limits of any picture
  cut-…      ends somewhere; is read, refused, or may be whole later
"""
import pathlib
import struct
import sys
import zlib

sys.dont_write_bytecode = True
from make_hostile import chunk, png  # noqa: E402
from make_odd import EOI, SOI, SOS, segment  # noqa: E402

HERE = pathlib.Path(__file__).parent
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def picture(name):
    return (HERE / name).read_bytes()


def patched(name, mark, skip, new):
    """A picture with other bytes, `skip` after a mark."""
    whole = picture(name)
    at = whole.index(mark) + skip
    return whole[:at] + new + whole[at + len(new):]


def png_with(name, body, rows=9):
    """A small PNG with one more chunk."""
    head = struct.pack(">IIBBBBB", rows, rows, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + bytes(3 * rows)) * rows)
    return (SIGNATURE + chunk(b"IHDR", head) + chunk(name, body)
            + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def tiff(entries, data=b"", following=0, big_count=None):
    """A TIFF whose directory follows the data, which begins at 8.

    entries: {tag: (type, count, value)}
    """
    at = 8 + len(data)
    body = struct.pack("<H", big_count or len(entries))
    for tag, (kind, count, value) in sorted(entries.items()):
        body += struct.pack("<HHII", tag, kind, count, value)
    return (b"II*\0" + struct.pack("<I", at) + data + body
            + struct.pack("<I", following))


def tiff_entries(width, height, **more):
    out = {256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8),
           259: (3, 1, 1), 262: (3, 1, 1), 273: (4, 1, 8), 277: (3, 1, 1),
           278: (4, 1, height), 279: (4, 1, width * height & 0xFFFFFFFF)}
    out.update({int(tag[1:]): value for tag, value in more.items()})
    return out


def tiffs():
    dot = tiff_entries(2, 2)
    yield "header-wide.tif", tiff(tiff_entries(100000, 100000), bytes(8))
    yield "header-4g.tif", tiff(tiff_entries(0xFFFFFFFF, 0xFFFFFFFF), bytes(8))
    loop = tiff(dot, bytes(8))
    yield "header-loop.tif", loop[:-4] + struct.pack("<I", 16)
    # A chain of directories without entries.
    count = 100000
    first = tiff(dot, bytes(8))
    links = b"".join(
        struct.pack("<HI", 0, len(first) + 6 * (i + 1) if i + 1 < count else 0)
        for i in range(count))
    yield "header-pages.tif", first[:-4] + struct.pack("<I", len(first)) + links
    yield "header-samples.tif", tiff(
        tiff_entries(9000, 9000, t277=(3, 1, 65535), t262=(3, 1, 2)), bytes(8))
    yield "cut-negative.tif", tiff(
        tiff_entries(99, 99, t273=(4, 1, 0xFFFFFFF0), t279=(4, 1, 0xFFFFFFFF)),
        bytes(8))
    yield "within-strip-bytes.tif", tiff(
        tiff_entries(99, 99, t279=(4, 1, 0xFFFFFFFF)), bytes(9801))
    yield "within-strips.tif", tiff(
        tiff_entries(9000, 9000, t273=(4, 0xFFFFFFFF, 8),
                     t279=(4, 0xFFFFFFFF, 8), t278=(4, 1, 1)), bytes(64))
    yield "within-entries.tif", tiff(dot, bytes(8), big_count=65535)
    yield "within-no-rows.tif", tiff(
        tiff_entries(99, 99, t278=(4, 1, 0)), bytes(9801))
    yield "within-tile.tif", tiff(
        {**tiff_entries(99, 99), 322: (4, 1, 0x7FFFFFF0),
         323: (4, 1, 0x7FFFFFF0), 324: (4, 1, 8), 325: (4, 1, 64)}, bytes(64))
    rows = 10000 * 10000
    packed = zlib.compress(bytes(rows), 9)
    yield "within-deflate.tif", tiff(
        tiff_entries(10000, 10000, t259=(3, 1, 8), t279=(4, 1, len(packed))),
        packed + bytes(len(packed) % 2))


def lzw_zeros(pixels):
    """GIF data of so many pixels of colour 0: each code says one pixel more
    than the one before, until there are no more codes."""
    clear, end, size = 4, 5, 3
    value = bits = 0
    out = bytearray()

    def put(code):
        nonlocal value, bits
        value |= code << bits
        bits += size
        while bits >= 8:
            out.append(value & 255)
            value >>= 8
            bits -= 8

    while pixels > 0:
        put(clear)
        size = 3
        for code in [0] + list(range(6, 4095)):
            length = code - 4 if code else 1
            if code == 1 << size:
                size += 1
            if pixels < length:
                code, length = (pixels + 4, pixels) if pixels > 1 else (0, 1)
            put(code)
            pixels -= length
            if pixels <= 0:
                break
    put(end)
    size = 8
    put(0)
    return b"".join(bytes([len(out[i:i + 255])]) + bytes(out[i:i + 255])
                    for i in range(0, len(out), 255)) + b"\0"


def gif(width, height, frames):
    return (b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0"
            + bytes(6) + b"".join(frames) + b";")


def gif_frame(width, height, data):
    return (b"!\xf9\x04\0\x05\0\0\0" + b","
            + struct.pack("<HHHH", 0, 0, width, height) + b"\0\x02" + data)


def gifs():
    dot = gif_frame(1, 1, b"\x02\x44\x01\0")
    yield "within-canvas.gif", gif(65535, 65535, [dot])
    yield "within-frames.gif", gif(8, 8, [dot] * 30000)
    yield "within-some-frames.gif", gif(8, 8, [dot] * 3000)
    # A frame that is larger than the canvas.
    yield "within-frame.gif", gif(8, 8, [gif_frame(65535, 65535,
                                                   b"\x02\x44\x01\0")])
    yield "within-lzw.gif", gif(
        8000, 8000, [gif_frame(8000, 8000, lzw_zeros(64000000))])


def webp_part(name, body):
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def u24(number):
    return struct.pack("<I", number)[:3]


def webp_with(flags, width, height, *parts):
    body = b"WEBP" + webp_part(
        b"VP8X", bytes([flags, 0, 0, 0]) + u24(width - 1) + u24(height - 1))
    return webp_part(b"RIFF", body + b"".join(parts))


def webps():
    yield "header-16383.webp", patched("photo.webp", b"\x9d\x01\x2a", 3,
                                       struct.pack("<HH", 16383, 16383))
    still = picture("photo.webp")[12:]
    frame = webp_part(b"ANMF", u24(0) * 2 + u24(699) + u24(524) + u24(9)
                      + b"\0" + still)
    yield "header-canvas.webp", webp_with(2, 65000, 60000,
                                          webp_part(b"ANIM", bytes(6)), frame)
    yield "within-frames.webp", webp_with(2, 700, 525,
                                          webp_part(b"ANIM", bytes(6)),
                                          frame * 800)
    yield "within-exif.webp", webp_with(8, 700, 525, still, webp_part(
        b"EXIF", b"Exif\0\0II*\0\x08\0\0\0" + bytes(30000000)))
    yield "within-xmp.webp", webp_with(4, 700, 525, still, webp_part(
        b"XMP ", b"<x/>" * 7000000))


def pngs():
    yield "header-900mp.png", png(30000, 30000, [bytes(90000)])
    yield "header-2g.png", png(0x7FFFFFFF, 0x7FFFFFFF, [bytes(9)])
    wrong = bytearray(picture("rgb16.png"))
    wrong[29] ^= 1  # the checksum of the header
    yield "within-crc.png", bytes(wrong)
    zeros = zlib.compress(bytes(200000000), 9)
    yield "within-icc.png", png_with(b"iCCP", b"x\0\0" + zeros)
    yield "within-text.png", png_with(b"zTXt", b"x\0\0" + zeros)
    yield "within-exif.png", png_with(b"eXIf", b"II*\0\x08\0\0\0"
                                      + bytes(30000000))
    yield "within-itxt.png", png_with(
        b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zeros)
    yield "within-idat.png", (SIGNATURE + chunk(b"IHDR", struct.pack(
        ">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zeros)
        + chunk(b"IEND", b""))
    dot = picture("rgb16.png")
    end = dot.index(b"IDAT") - 4
    control = chunk(b"acTL", struct.pack(">II", 5000, 0))
    frames = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", i, 1, 1, 0, 0, 1, 9, 0, 0))
        for i in range(5000))
    yield "within-frames.png", dot[:end] + control + frames + dot[end:]
    many = b"".join(chunk(b"tEXt", b"k%d\0v" % i) for i in range(200000))
    yield "within-texts.png", dot[:33] + many + dot[33:]


def scans_jpeg(count, edge=8000):
    """A grey JPEG of so many scans, each of which visits all blocks."""
    blocks = (edge // 8) ** 2
    out = bytes([255, SOI]) + segment(0xDB, b"\0" + b"\1" * 64)
    out += segment(0xC2, struct.pack(">BHHB", 8, edge, edge, 1) + b"\1\x11\0")
    out += segment(0xC4, bytes([0, 1] + [0] * 15 + [0]))
    out += segment(0xC4, bytes([0x10, 1] + [0] * 15 + [0xE0]))
    bits = ""
    while blocks > 0:
        run = min(blocks, 32767)
        bits += "0" + format(max(run - 16384, 0), "014b")
        blocks -= run
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    scan = segment(SOS, b"\1\1\0\1\x3f\0") + data.replace(b"\xff", b"\xff\0")
    first = segment(SOS, b"\1\1\0\0\0\0") + bytes((edge // 8) ** 2 // 8)
    return out + first + scan * count + bytes([255, EOI])


def jpegs():
    whole = picture("photo-baseline.jpg")
    size = whole.index(b"\xff\xc0") + 5
    yield "header-65535.jpg", (whole[:size] + b"\xff" * 4 + whole[size + 4:])
    yield "header-scans.jpg", scans_jpeg(20000)
    icc = b"".join(segment(0xE2, b"ICC_PROFILE\0" + bytes([i + 1, 255])
                           + bytes(65000)) for i in range(255))
    yield "within-icc.jpg", whole[:2] + icc + whole[2:]
    exif = segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 5000)
                   + struct.pack(">HHII", 0x010F, 2, 0xFFFFFFFF, 0xFFFFFFF0)
                   * 5000)
    yield "within-exif.jpg", whole[:2] + exif + whole[2:]
    loop = segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\1"
                   + struct.pack(">HHII", 0x8769, 4, 1, 8)
                   + struct.pack(">I", 8))
    yield "within-exif-loop.jpg", whole[:2] + loop + whole[2:]
    yield "within-markers.jpg", (whole[:2] + segment(0xFE, b"") * 2000000
                                 + whole[2:])


def avifs():
    huge = struct.pack(">II", 60000, 60000)
    yield "header-ispe.avif", patched("photo.avif", b"ispe", 8, huge)
    yield "within-box.avif", patched("photo.avif", b"meta", -4,
                                     struct.pack(">I", 0x7FFFFFFF))
    yield "within-iloc.avif", patched("photo.avif", b"iloc", 8, b"\xff" * 8)


def polyglots():
    whole = picture("photo-baseline.jpg")
    page = b"<script>alert(1)</script>"
    yield "within-zip.jpg", whole + b"PK\3\4" + bytes(99)
    yield "within-pdf.jpg", whole[:2] + segment(0xFE, b"%PDF-1.7\n") + whole[2:]
    yield "header-pdf.jpg", b"%PDF-1.7\n" + whole
    yield "header-svg.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>" + whole
    yield "header-script.gif", b"GIF89a/*" + page + b"*/=1;"
    yield "header-riff.webp", (b"RIFF" + struct.pack("<I", 40000) + b"AVI "
                               + picture("photo.webp")[12:])
    yield "header-brand.avif", (b"\0\0\0\x18ftypisom\0\0\0\0mp42isom"
                                + picture("photo.avif")[24:])
    yield "within-html.png", picture("rgb16.png") + page
    yield "within-tiff.jpg", b"\xff\xd8\xff\xe0\0\x10" + b"II*\0\x08\0\0\0" * 99


def cuts():
    names = ("photo-baseline.jpg", "photo-progressive.jpg", "rgb16.png",
             "alpha.png", "photo.webp", "photo.avif", "animated.gif")
    for name in names:
        whole = picture(name)
        for part in range(20):
            yield f"cut-{part}-{name}", whole[:len(whole) * part // 20 + part]
    page = tiff(tiff_entries(64, 64), bytes(4096))
    for part in range(20):
        yield f"cut-{part}-page.tif", page[:len(page) * part // 20 + part]


if __name__ == "__main__":
    for make in (tiffs, gifs, webps, pngs, jpegs, avifs, polyglots, cuts):
        for name, content in make():
            (pathlib.Path(sys.argv[1]) / name).write_bytes(content)
