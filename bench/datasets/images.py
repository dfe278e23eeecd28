"""PNG and JPEG files of every kind, and the pixels that Pillow reads from them.

    python -m venv pil && pil/bin/pip install numpy==2.4.6 pillow==13.0.0
    pil/bin/python bench/datasets/images.py > packages/datasets/test/fixtures/images.json

Pillow writes neither interlaced PNG nor 16 bits of colour: the PNG files are packed here, rows with a filter of each
kind in turn. Where Pillow reads 16 bits of colour it keeps the upper byte of each; the committed pixels are the 16 bits
that were packed, after a check that the upper bytes are what Pillow reads.
"""

import base64
import io
import json
import struct
import sys
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps

ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def wave(height, width, channels, most):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    return np.round(most * (0.5 + 0.5 * np.sin(0.37 * y + 0.23 * x + 1.9 * c + 0.011 * x * y))).astype(np.int64)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def paeth(a, b, c):
    da, db, dc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
    return a if da <= db and da <= dc else b if db <= dc else c


def pack(samples, depth):
    """Rows of bytes with filters 0 to 4 in turn."""
    height, width, count = samples.shape
    step = max(1, depth * count // 8)
    before = None
    out = b""
    for y in range(height):
        flat = samples[y].ravel()
        if depth == 16:
            row = flat.astype(">u2").tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in flat)
            bits += "0" * (-len(bits) % 8)
            row = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        above = before or bytes(len(row))
        kind = y % 5
        filtered = []
        for i, v in enumerate(row):
            left = row[i - step] if i >= step else 0
            corner = above[i - step] if i >= step else 0
            guess = [0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner)][kind]
            filtered.append((v - guess) % 256)
        out += bytes([kind]) + bytes(filtered)
        before = row
    return out


def png(samples, depth, colour, interlaced, *chunks):
    height, width, _ = samples.shape
    if interlaced:
        passes = [samples[y::down, x::right] for y, x, down, right in ADAM7]
        data = b"".join(pack(part, depth) for part in passes if part.size)
    else:
        data = pack(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    packed = zlib.compress(data, 9)
    cut = len(packed) // 2
    parts = [chunk(b"IHDR", header), chunk(b"tEXt", b"Title\0a wave"), *chunks]
    parts += [chunk(b"IDAT", packed[:cut]), chunk(b"IDAT", packed[cut:]), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def case(name, data, pixels, depth):
    height, width, channels = pixels.shape
    return {
        "name": name,
        "file": base64.b64encode(data).decode(),
        "height": height,
        "width": width,
        "channels": channels,
        "depth": depth,
        "pixels": base64.b64encode(pixels.astype("<u2" if depth == 16 else "u1").tobytes()).decode(),
    }


def pngs():
    for interlaced in (False, True):
        how = ", interlaced" if interlaced else ""
        for title, colour, samples, depths in [
            ("grey", 0, 1, (1, 2, 4, 8, 16)),
            ("RGB", 2, 3, (8, 16)),
            ("palette", 3, 1, (1, 2, 4, 8)),
            ("palette with alpha", 3, 1, (2, 8)),
            ("grey and alpha", 4, 2, (8, 16)),
            ("RGBA", 6, 4, (8, 16)),
            ("grey with a transparent one", 0, 1, (4, 8)),
            ("RGB with a transparent one", 2, 3, (8,)),
        ]:
            for depth in depths:
                most = min(2**depth - 1, 99 if colour == 3 else 65535)
                values = wave(5, 9, samples, most)
                chunks = []
                if colour == 3:
                    palette = wave(1, most + 1, 3, 255)[0].astype(np.uint8)
                    chunks.append(chunk(b"PLTE", palette.tobytes()))
                if "alpha" in title and colour == 3:
                    chunks.append(chunk(b"tRNS", bytes([0, 128])))
                if "transparent" in title:
                    chunks.append(chunk(b"tRNS", b"".join(struct.pack(">H", int(v)) for v in values[3, 4])))
                data = png(values, depth, colour, interlaced, *chunks)
                image = Image.open(io.BytesIO(data))
                image.load()
                name = f"{title}, {depth} bits{how}"
                if depth == 16:
                    read = np.asarray(image)
                    if colour == 0:
                        assert (read == values[:, :, 0]).all(), name
                    elif colour != 4:  # Pillow reads grey and alpha of 16 bits as RGBA
                        assert (read == values >> 8).all(), name
                    else:
                        assert (read[:, :, [0, -1]] == values >> 8).all(), name
                    yield case(name, data, values, 16)
                    continue
                mode = ("RGBA" if samples == 3 or colour in (3, 6) else "LA") if "alpha" in title or "transparent" in title else "RGB" if colour in (2, 3) else "L"
                if title == "RGBA":
                    mode = "RGBA"
                read = np.asarray(image.convert(mode))
                if "grey with a transparent" in title and depth == 4:
                    # Pillow compares the colour with samples that it has scaled to 8 bits; the format means the samples
                    read = np.concatenate([17 * values, 255 * (values != values[3, 4])], axis=2)
                yield case(name, data, read.reshape(5, 9, -1), 8)


def jpegs():
    for width, height in [(21, 13), (16, 16), (3, 2)]:
        colour = Image.fromarray(wave(height, width, 3, 255).astype(np.uint8))
        for title, image, options in [
            ("grey", colour.convert("L"), {}),
            ("4:4:4", colour, {"subsampling": 0}),
            ("4:2:2", colour, {"subsampling": 1}),
            ("4:2:0", colour, {"subsampling": 2}),
            ("4:2:0, progressive", colour, {"subsampling": 2, "progressive": True}),
            ("4:4:4, progressive", colour, {"subsampling": 0, "progressive": True}),
            ("grey, progressive", colour.convert("L"), {"progressive": True}),
            ("4:2:0, restart markers", colour, {"subsampling": 2, "restart_marker_blocks": 2}),
            ("RGB", colour, {"keep_rgb": True}),
        ]:
            if width != 21 and title not in ("4:2:0", "4:2:2"):
                continue  # the ends of chroma's rows are what differs
            file = io.BytesIO()
            image.save(file, "JPEG", quality=70, optimize=True, **options)
            read = np.asarray(Image.open(io.BytesIO(file.getvalue())))
            yield case(f"{title}, {width}×{height}", file.getvalue(), read.reshape(height, width, -1), 8)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        file = io.BytesIO()
        Image.fromarray(wave(5, 3, 1, 255)[:, :, 0].astype(np.uint8)).save(file, "JPEG", exif=exif, optimize=True)
        read = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue()))))
        yield case(f"orientation {orientation}", file.getvalue(), read[:, :, None], 8)


def sizes():
    image = wave(12, 18, 1, 255)[:, :, 0].astype(np.uint8)
    source = Image.fromarray(image)
    for width, height, how in [(6, 4, "BOX"), (9, 12, "BOX"), (27, 36, "BILINEAR"), (36, 12, "BILINEAR")]:
        read = np.asarray(source.resize((width, height), getattr(Image.Resampling, how)))
        yield {"width": width, "height": height, "pixels": base64.b64encode(read.tobytes()).decode()}


def main():
    refused = []
    file = io.BytesIO()
    Image.fromarray(wave(8, 8, 4, 255).astype(np.uint8), "CMYK").save(file, "JPEG")
    refused.append({"name": "CMYK", "file": base64.b64encode(file.getvalue()).decode()})
    json.dump(
        {
            "pillow": PIL.__version__,
            "numpy": np.__version__,
            "png": list(pngs()),
            "jpeg": list(jpegs()),
            "sizes": list(sizes()),
            "refused": refused,
        },
        sys.stdout,
    )
    print()


main()
