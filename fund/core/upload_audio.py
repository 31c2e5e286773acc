"""Recordings of a voice: the kind is decided by the content, how long it takes is read from it, and where it was made goes.

Taken is what phones and browsers record: WebM and Ogg (with Opus or Vorbis), MP3, M4A and WAV, sound only.
"""

import re
import struct
from dataclasses import dataclass

from .files import safe_name
from .problems import Problem

TYPES = {"webm": "audio/webm", "ogg": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav"}
ENDINGS = {"oga": "ogg", "opus": "ogg", "mp4": "m4a", "aac": "m4a", "wave": "wav", "weba": "webm"}
ACCEPT = "audio/*," + ",".join(f".{ending}" for ending in (*TYPES, *ENDINGS))
WE_TAKE = "We take recordings as webm, ogg, mp3, m4a or wav, as phones and browsers make them."
_PICTURES = {"webm": re.compile(rb"V_(?:VP8|VP9|AV1|MPEG|THEORA|MJPEG|UNCOMPRESSED)"), "ogg": re.compile(rb"\x80theora|OVP80"), "m4a": re.compile(rb"hdlr.{8}vide", re.S)}  # fmt: skip
_PLACE = re.compile(rb"[+-]\d{2}\.\d{3,6}[+-]\d{3}\.\d{3,6}(?:[+-]\d+(?:\.\d+)?)?/")  # ISO 6709, as phones write it
_MP3_BITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)  # kbit/s of MPEG 1, layer III
_MP3_BITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)  # and of MPEG 2 and 2.5


@dataclass(frozen=True)
class Recording:
    """What may be kept; `seconds` is how long it takes, None where the file does not say."""

    content: bytes
    name: str
    media_type: str
    seconds: int | None


def checked(content: bytes, name: str, *, most_megabytes: int, most_minutes: int) -> Recording:
    """The recording as it may be kept. Raises Problem beside `recording` when it may not."""
    shown = safe_name(name)
    if not content:
        raise Problem(f"“{shown}” is empty. Record it again.", "recording")
    if len(content) > most_megabytes * 1024 * 1024:
        raise Problem(f"“{shown}” is larger than {most_megabytes} MB. Record it again, shorter.", "recording")
    kind = kind_of(content)
    if kind is None:
        raise Problem(f"“{shown}” is not a recording that we can take. {WE_TAKE}", "recording")
    if kind in _PICTURES and _PICTURES[kind].search(content):
        raise Problem(f"“{shown}” is a film. Send the sound only.", "recording")
    seconds = _length(content, kind)
    if seconds is not None and seconds > most_minutes * 60 + 5:  # whoever stopped at the limit is not told off
        raise Problem(f"“{shown}” is longer than {most_minutes} minutes. Say it in fewer words.", "recording")
    content = _PLACE.sub(lambda found: b"\0" * len(found[0]), content) if kind == "m4a" else content
    stem = shown.rpartition(".")[0] or shown
    return Recording(content, f"{stem}.{kind}", TYPES[kind], seconds)


def kind_of(content: bytes) -> str | None:
    """The key of TYPES that the bytes are, or None."""
    start = content[:4_096]
    if start.startswith(b"\x1aE\xdf\xa3"):
        return "webm" if b"webm" in start and re.search(rb"A_(?:OPUS|VORBIS)", content[:65_536]) else None
    if start.startswith(b"OggS"):
        return "ogg" if b"OpusHead" in start or b"\x01vorbis" in start else None
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return "wav" if b"fmt " in start else None
    if start[4:8] == b"ftyp":
        return "m4a" if re.search(rb"hdlr.{8}soun", content, re.S) else None
    return "mp3" if _first_frame(content) is not None else None


def _length(content: bytes, kind: str) -> int | None:
    """In whole seconds; None where a broken or unusual file does not say."""
    ways = {"wav": _of_wav, "ogg": _of_ogg, "webm": _of_webm, "m4a": _of_m4a, "mp3": _of_mp3}
    try:
        seconds = ways[kind](content)
    except (struct.error, IndexError, ZeroDivisionError, ValueError):
        return None
    return None if seconds is None or seconds != seconds or seconds < 0 or seconds > 1e6 else round(seconds)


def _of_wav(content: bytes) -> float:
    each_second = struct.unpack_from("<I", content, content.index(b"fmt ") + 16)[0]
    return (len(content) - 44) / each_second


def _of_ogg(content: bytes) -> float:
    """The place of the last page; Opus counts 48,000 a second whatever it was recorded with."""
    last = struct.unpack_from("<q", content, content.rindex(b"OggS") + 6)[0]
    rate = 48_000 if b"OpusHead" in content[:4_096] else struct.unpack_from("<I", content, content.index(b"\x01vorbis") + 12)[0]  # fmt: skip
    return last / rate


def _of_webm(content: bytes) -> float | None:
    """The time of the last cluster, in milliseconds as browsers write it: they leave the length itself out."""
    found = None
    for cluster in re.finditer(rb"\x1f\x43\xb6\x75.{1,8}?\xe7([\x81-\x88])", content, re.S):
        size = cluster[1][0] & 0x0F
        found = int.from_bytes(content[cluster.end() : cluster.end() + size], "big")
    return None if found is None else found / 1_000


def _of_m4a(content: bytes) -> float | None:
    at = content.find(b"mvhd")
    if at < 0:
        return None
    if content[at + 4] == 1:
        scale, length = struct.unpack_from(">IQ", content, at + 24)
    else:
        scale, length = struct.unpack_from(">II", content, at + 16)
    return length / scale or None


def _of_mp3(content: bytes) -> float:
    at, bits = _first_frame(content) or (0, 0)
    return (len(content) - at) * 8 / (bits * 1_000)


def _first_frame(content: bytes) -> tuple[int, int] | None:
    """Where the sound of an MP3 starts and its bits a second in thousands; None when there is no such frame."""
    at = 0
    if content[:3] == b"ID3" and len(content) > 10:
        size = 0
        for each in content[6:10]:
            size = size << 7 | each & 0x7F
        at = 10 + size
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bits = (_MP3_BITS if version == 3 else _MP3_BITS_2)[head[2] >> 4]
    return (at, bits) if layer == 1 and version != 1 and bits and head[2] >> 2 & 3 != 3 else None
