"""Makes pictures for the tests, and compares results with what went in, by Pillow and exiftool.

pictures.py full DIR       every format x orientation, full of names and places (the word MARKER)
pictures.py kinds DIR      gray, alpha, palette, progressive, odd sizes and so on
pictures.py refused DIR    what must be refused, and why: a line "file<TAB>word of the sentence" each
pictures.py faces DIR PHOTO each format and orientation of a photo, and forms of its transparency
pictures.py magenta FILE   box of the pixels of this colour (x y w h), and their share of it [%]
pictures.py storage FILE   how the file stores its pixels: mode, compression, subsampling
pictures.py compare A B [X Y W H]...   "same size, same mode, greatest difference, PSNR" outside the boxes; A is
                           turned upright; of two folders: a line with "name" before it for each file
"""
import io
import math
import struct
import subprocess
import sys
import zlib
from pathlib import Path

from PIL import Image, ImageChops, ImageCms, ImageDraw, JpegImagePlugin

FORMATS = ["jpg", "png", "tif", "webp"]


def scene(width=97, height=61, mode="RGB"):
    """No two corners are alike, so a wrong turn shows."""
    ramp = Image.new("RGB", (width, height))
    ramp.putdata([(x * 255 // max(1, width - 1), y * 255 // max(1, height - 1), (x * 3 + y * 5) % 256)
                  for y in range(height) for x in range(width)])
    ImageDraw.Draw(ramp).rectangle([0, 0, width // 4, height // 4], fill=(200, 30, 30))
    if mode == "RGBA":
        alpha = Image.new("L", ramp.size)
        alpha.putdata([(x * 7 + y) % 256 for y in range(height) for x in range(width)])
        ramp.putalpha(alpha)
        return ramp
    if mode == "LA":
        return scene(width, height, "RGBA").convert("LA")
    return ramp.convert(mode)


def save(picture, file, **how):
    name = str(file)
    if name.endswith(".jpg"):
        how = {"quality": 95, "subsampling": 0, **how}
    if name.endswith(".webp"):
        how = {"lossless": True, "exact": True, **how}
    picture.save(file, **how)


def profile():
    """sRGB with somebody's name and device in it: texts are exchanged in place, by texts of the same length."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = "sRGB built-in"
    for coding in ("ascii", "utf-16-be"):
        plain = plain.replace(text.encode(coding), "MARKER-screen".encode(coding))
    assert b"MARKER" in plain or "MARKER".encode("utf-16-be") in plain
    return plain[:48] + b"MARK" + b"EROS" + plain[56:]  # manufacturer and model of the header


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def add_private(file):
    """What exiftool does not write: private parts, a second picture and a film behind the end."""
    data = file.read_bytes()
    film = b"\0\0\0\x18ftypmp42MARKER-motion-photo"
    if file.suffix == ".jpg":
        parts = b"".join(b"\xff" + bytes([0xe0 + n]) + struct.pack(">H", 2 + 15) + b"MPF\0MARKER-data"
                         for n in range(3, 14))
        comment = b"\xff\xfe" + struct.pack(">H", 2 + 6) + b"MARKER"
        second = io.BytesIO()
        scene().save(second, "JPEG", comment="MARKER")
        data = data[:2] + comment + parts + data[2:] + second.getvalue()
    elif file.suffix == ".png":
        end = data.index(b"IDAT") - 4
        data = (data[:end] + png_chunk(b"tEXt", b"Author\0MARKER") +
                png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"MARKER")) +
                png_chunk(b"tIME", struct.pack(">HBBBBB", 2024, 1, 2, 3, 4, 5)) +
                png_chunk(b"prVt", b"MARKER") + data[end:])
    elif file.suffix == ".webp":
        data += b"MRKR" + struct.pack("<I", 6) + b"MARKER"
        return file.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    file.write_bytes(data + film)


def full(folder):
    icc, thumb = folder / "marker.icc", folder / "thumb"
    icc.write_bytes(profile())
    scene(32, 20).save(thumb, "JPEG")
    files, commands = [], []
    for kind in FORMATS:
        for orientation in range(1, 9):
            file = folder / f"{kind}{orientation}.{kind}"
            save(scene(), file)
            commands += (
                ["-q", "-overwrite_original", "-n", f"-IFD0:Orientation={orientation}",
                 "-IFD0:Artist=MARKER", "-IFD0:Make=MARKER", "-IFD0:Model=MARKER", "-IFD0:Software=MARKER",
                 "-ExifIFD:DateTimeOriginal=2024:01:02 03:04:05", "-ExifIFD:UserComment=MARKER",
                 "-ExifIFD:SerialNumber=MARKER", "-GPS:GPSLatitude=48.2", "-GPS:GPSLongitude=16.4",
                 "-XMP-dc:Title=MARKER", "-XMP-dc:Creator=MARKER", "-XMP-photoshop:City=MARKER",
                 "-XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
                 f"-icc_profile<={icc}"] +
                (["-IPTC:City=MARKER", "-IPTC:By-line=MARKER", f"-ThumbnailImage<={thumb}",
                  "-Photoshop:CopyrightFlag=1"] if kind == "jpg" else []) +
                (["-IPTC:City=MARKER"] if kind == "tif" else []) + [str(file), "-execute"])
            files.append(file)
    subprocess.run(["exiftool", *commands], check=True)
    for file in files:
        add_private(file)
    icc.unlink()
    thumb.unlink()


def kinds(folder):
    for kind in FORMATS:
        for width, height in ((1, 1), (1, 7), (33, 1), (63, 47)):
            save(scene(width, height), folder / f"size-{width}x{height}.{kind}")
        if kind != "webp":
            save(scene(mode="L"), folder / f"gray.{kind}")
        if kind != "jpg":
            save(scene(mode="RGBA"), folder / f"alpha.{kind}")
    for name in ("png", "tif"):
        save(scene(mode="LA"), folder / f"gray-alpha.{name}")
        save(scene().quantize(64), folder / f"palette.{name}")
        save(scene(mode="1"), folder / f"bilevel.{name}")
    scene().quantize(16).save(folder / "palette-clear.png", transparency=3, bits=4)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        save(scene(160, 120), folder / f"c{name}.jpg", subsampling=subsampling)
    save(scene(160, 120), folder / "progressive.jpg", progressive=True)
    save(scene(160, 120), folder / "lossy.webp", lossless=False, quality=90)
    save(scene(160, 120, "RGBA"), folder / "lossy-alpha.webp", lossless=False, quality=90)
    for compression in ("tiff_lzw", "packbits", "tiff_adobe_deflate"):
        save(scene(), folder / f"{compression}.tif", compression=compression)
    save(scene(160, 120), folder / "in-jpeg.tif", compression="jpeg", quality=95)
    save(scene(), folder / "dense.png", dpi=(300, 150))
    save(scene(), folder / "dense.jpg", dpi=(300, 150))
    save(scene(), folder / "dense.tif", dpi=(300, 150))
    save(scene(), folder / "thumbnail.tif", save_all=True, append_images=[scene(20, 10)])
    # a small copy of the first
    subprocess.run(["exiftool", "-q", "-overwrite_original", "-n", "-IFD1:SubfileType=1",
                    "-IFD1:ImageDescription=MARKER", str(folder / "thumbnail.tif")], check=True)


def deep_png(file):
    rows = b"".join(b"\0" + struct.pack(">6H", *range(6 * y, 6 * y + 6)) for y in range(2))
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 16, 2, 0, 0, 0)) +
                     png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b""))


def refused(folder):
    pages = [scene(), scene().rotate(180)]
    save(pages[0], folder / "pages.tif", save_all=True, append_images=pages[1:])
    save(pages[0], folder / "moves.webp", save_all=True, append_images=pages[1:])
    pages[0].save(folder / "moves.png", save_all=True, append_images=pages[1:])
    deep_png(folder / "deep.png")
    Image.new("I;16", (9, 9)).save(folder / "deep.tif")
    Image.new("F", (9, 9)).save(folder / "real.tif")
    save(scene().convert("CMYK"), folder / "print.jpg")
    save(scene().convert("CMYK"), folder / "print.tif")
    save(scene().convert("LAB"), folder / "lab.tif")
    (folder / "text.jpg").write_text("not a picture")
    (folder / "empty.png").write_text("")
    (folder / "phone.jpg").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    words = {"pages.tif": "pages", "moves.webp": "animated", "moves.png": "animated", "deep.png": "16 bits",
             "deep.tif": "16 bits", "real.tif": "bits", "print.jpg": "CMYK", "print.tif": "CMYK",
             "lab.tif": "Lab", "text.jpg": "no JPEG", "empty.png": "no JPEG",
             "phone.jpg": "HEIC"}
    for kind in FORMATS:
        whole = folder / f"whole.{kind}"
        save(scene(160, 120), whole)
        data = whole.read_bytes()
        for part in (30, 60, 95):
            (folder / f"cut{part}.{kind}").write_bytes(data[:len(data) * part // 100])
            words[f"cut{part}.{kind}"] = "damaged"
        whole.unlink()
    broken = io.BytesIO()
    scene(160, 120).save(broken, "PNG")
    data = bytearray(broken.getvalue())
    data[data.index(b"IDAT") + 40] ^= 0x10
    (folder / "flipped.png").write_bytes(data)
    words["flipped.png"] = "damaged"
    for name in ("heic", "avif", "bmp", "dcm", "cr2", "dng", "jxl"):
        (folder / f"photo.{name}").write_bytes(b"anything")
        words[f"photo.{name}"] = "left out"
    for file, word in words.items():
        print(f"{file}\t{word}")


def faces(folder, photo):
    upright_photo = Image.open(photo).convert("RGB")
    upright_photo.thumbnail((512, 512))
    t = Image.Transpose
    back = [None, t.FLIP_LEFT_RIGHT, t.ROTATE_180, t.FLIP_TOP_BOTTOM, t.TRANSPOSE, t.ROTATE_90, t.TRANSVERSE,
            t.ROTATE_270]
    for i, turn in enumerate(back):
        stored = upright_photo if turn is None else upright_photo.transpose(turn)
        exif = Image.Exif()
        exif[0x0112] = i + 1
        kind = FORMATS[i % len(FORMATS)]
        if kind == "tif":
            stored.save(folder / f"turn{i + 1}.tif", tiffinfo={0x0112: i + 1})
        else:
            save(stored, folder / f"turn{i + 1}.{kind}", exif=exif)
    upright_photo.save(folder / "plain.png")
    gray = upright_photo.convert("L")
    gray.save(folder / "gray.png")
    alpha = Image.linear_gradient("L").resize(gray.size)
    clear = upright_photo.copy()
    clear.putalpha(alpha)
    clear.save(folder / "clear.png")
    Image.merge("LA", (gray, alpha)).save(folder / "gray-clear.png")
    drawn = Image.new("RGB", gray.size, (20, 20, 20))
    drawn.putalpha(gray.point(lambda v: 255 - v))
    drawn.save(folder / "drawn.png")


def magenta(file):
    picture = Image.open(file).convert("RGB")
    red, green, blue = picture.split()
    hit = ImageChops.darker(red.point(lambda v: 255 * (v > 200)), blue.point(lambda v: 255 * (v > 200)))
    hit = ImageChops.darker(hit, green.point(lambda v: 255 * (v < 60)))
    x0, y0, x1, y1 = hit.getbbox() or (0, 0, 0, 0)
    share = hit.histogram()[255] * 100 // max(1, (x1 - x0) * (y1 - y0))
    print(x0, y0, x1 - x0, y1 - y0, share)


def storage(file):
    picture = Image.open(file)
    sub = JpegImagePlugin.get_sampling(picture) if picture.format == "JPEG" else -1
    print(picture.format, picture.mode, picture.info.get("compression", ""), sub,
          int(bool(picture.info.get("progressive"))), *(round(float(v)) for v in picture.info.get("dpi", ())))


def upright(file):
    """What a viewer shows. Pillow turns TIFFs when it loads them, and leaves the tag in place."""
    t = Image.Transpose
    turns = {2: t.FLIP_LEFT_RIGHT, 3: t.ROTATE_180, 4: t.FLIP_TOP_BOTTOM, 5: t.TRANSPOSE, 6: t.ROTATE_270,
             7: t.TRANSVERSE, 8: t.ROTATE_90}
    picture = Image.open(file)
    picture.load()
    turn = None if picture.format == "TIFF" else turns.get(picture.getexif().get(0x0112, 1))
    info = picture.info
    picture = picture if turn is None else picture.transpose(turn)
    picture.info = info
    return picture


def compare(first, second, boxes):
    a, b = upright(first), Image.open(second)
    # palettes and single bits are written out
    mode = "RGBA" if "transparency" in a.info else {"P": "RGB", "1": "L"}.get(a.mode, a.mode)
    a = a.convert(mode)
    if a.size != b.size or b.getexif().get(0x0112, 1) != 1:
        return "0 0 -1 0"
    difference = ImageChops.difference(a.convert("RGBA"), b.convert("RGBA"))
    for x, y, w, h in boxes:
        difference.paste((0, 0, 0, 0), (x, y, x + w, y + h))
    bands = difference.split()
    greatest = max(band.getextrema()[1] for band in bands)
    total = sum(n * v * v for band in bands[:3] for v, n in enumerate(band.histogram()))
    mean = total / (3 * a.size[0] * a.size[1])
    psnr = 99 if mean == 0 else round(10 * math.log10(255 * 255 / mean), 1)
    return f"1 {int(b.mode == mode)} {greatest} {psnr}"


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    if what == "compare" and where.is_dir():
        for name in sorted(p.name for p in where.iterdir()):
            print(name, compare(where / name, Path(sys.argv[3]) / name, []))
    elif what == "compare":
        values = [int(v) for v in sys.argv[4:]]
        print(compare(where, sys.argv[3], [values[i:i + 4] for i in range(0, len(values), 4)]))
    elif what == "faces":
        faces(where, sys.argv[3])
    else:
        {"magenta": magenta, "full": full, "kinds": kinds, "refused": refused, "storage": storage}[what](where)
