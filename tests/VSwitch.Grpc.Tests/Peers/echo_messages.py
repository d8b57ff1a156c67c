"""The messages of echo.proto by their bytes, so that no protobuf library takes part on this side."""


def _varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def pack(text="", count=0, status=0):
    """EchoRequest and EchoReply alike: 1 = text, 2 = count, 3 = status."""
    data = text.encode()
    out = b""
    if data:
        out += b"\x0a" + _varint(len(data)) + data
    if count:
        out += b"\x10" + _varint(count)
    if status:
        out += b"\x18" + _varint(status)
    return out


def unpack(data):
    """Gives (text, count, status)."""
    fields = {1: b"", 2: 0, 3: 0}
    position = 0

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(data):
        field, kind = divmod(varint(), 8)
        value = varint()
        if kind == 2:
            value, position = data[position:position + value], position + value
        fields[field] = value
    return fields[1].decode(), fields[2], fields[3]
