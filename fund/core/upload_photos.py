"""Photos are drawn anew: the picture stays, and where and with what it was taken goes (GPS, camera, hidden parts)."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from .problems import Problem

MOST_PIXELS = 40_000_000  # a 40-megapixel photo; drawing one takes some 120 MB for a moment
_FORMATS = {"jpg": "JPEG", "png": "PNG"}


def redrawn(content: bytes, kind: str, name: str) -> bytes:
    """The same picture, upright and without any metadata. Raises Problem when it is broken or has too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as photo:
                if photo.width * photo.height > MOST_PIXELS:
                    raise Problem(f"“{name}” has too many pixels. Make the picture smaller and add it again.", "files")
                return _drawn(ImageOps.exif_transpose(photo), kind)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Problem(f"“{name}” has too many pixels. Make the picture smaller and add it again.", "files") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        raise Problem(f"“{name}” is damaged. Take the photo again, or save it again.", "files") from None


def _drawn(photo: Image.Image, kind: str) -> bytes:
    kept = photo.convert(
        "RGB" if kind == "jpg" else "RGBA" if "A" in photo.getbands() or "transparency" in photo.info else "RGB"
    )
    kept.info = {}
    out = io.BytesIO()
    kept.save(out, _FORMATS[kind], **({"quality": 88, "optimize": True} if kind == "jpg" else {}))
    return out.getvalue()
