"""The checksum in TensorFlow's record files: CRC-32C (Castagnoli), masked."""

_POLYNOMIAL = 0x82F63B78
"""Reflected."""


def _entry(byte: int) -> int:
    for _bit in range(8):
        byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = tuple(_entry(byte) for byte in range(256))


def crc32c(data: bytes) -> int:
    """CRC-32C of `data` (RFC 3720, appendix B.4, has test values)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def masked_crc32c(data: bytes) -> int:
    """Rotated and shifted, as `tensorflow/core/lib/hash/crc32c.h` does, so that a checksum can be checked in turn."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
