"""Recordings as phones and browsers make them, as short as they can be while their facts are true."""

import io
import struct
import wave


def wav(seconds: float = 2.0, rate: int = 8_000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        sound.writeframes(b"\x80" * int(seconds * rate))
    return out.getvalue()


def ogg(seconds: float = 2.0) -> bytes:
    first = b"OggS\0\x02" + b"\0" * 8 + b"\0" * 13 + b"OpusHead" + b"\x01\x01" + b"\0" * 9
    last = b"OggS\0\x04" + struct.pack("<q", int(seconds * 48_000)) + b"\0" * 13
    return first + b"sound" * 20 + last


def webm(seconds: float = 2.0, codec: bytes = b"A_OPUS") -> bytes:
    head = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\x16T\xaek\xae\x86" + codec
    cluster = b"\x1fC\xb6u\x01\xff\xff\xff\xff\xff\xff\xff\xe7"
    return head + b"".join(
        cluster + bytes([0x84]) + int(at * 1_000).to_bytes(4, "big") + b"\xa3" + b"sound" for at in (0, seconds)
    )


def m4a(seconds: float = 2.0, *, film: bool = False, place: bytes = b"") -> bytes:
    mvhd = b"mvhd" + b"\0" * 12 + struct.pack(">II", 1_000, int(seconds * 1_000))
    handlers = b"hdlr" + b"\0" * 8 + b"soun" + (b"hdlr" + b"\0" * 8 + b"vide" if film else b"")
    return b"\0\0\0\x18ftypM4A \0\0\0\0" + mvhd + handlers + (b"\xa9xyz\0\x12" + place if place else b"") + b"mdat"


def mp3(seconds: float = 2.0, *, tagged: bool = False) -> bytes:
    sound = b"\xff\xfb\x90\x00" + b"\0" * int(seconds * 16_000)  # 128 kbit/s
    return (b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 if tagged else b"") + sound
