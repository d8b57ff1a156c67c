'use strict';
// The messages of echo.proto by their bytes, so that no protobuf library takes part on this side.

function varint(value) {
  const out = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) {
    out.push((value & 0x7f) | 0x80);
  }
  out.push(value);
  return Buffer.from(out);
}

/** EchoRequest and EchoReply alike: 1 = text, 2 = count, 3 = status. */
function pack({ text = '', count = 0, status = 0 }) {
  const data = Buffer.from(text);
  const parts = [];
  if (data.length) {
    parts.push(Buffer.from([0x0a]), varint(data.length), data);
  }
  if (count) {
    parts.push(Buffer.from([0x10]), varint(count));
  }
  if (status) {
    parts.push(Buffer.from([0x18]), varint(status));
  }
  return Buffer.concat(parts);
}

function unpack(data) {
  const message = { text: '', count: 0, status: 0 };
  const names = { 1: 'text', 2: 'count', 3: 'status' };
  let position = 0;
  const next = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = data[position++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (position < data.length) {
    const tag = next();
    let value = next();
    if ((tag & 7) === 2) {
      value = data.subarray(position, (position += value)).toString();
    }
    message[names[tag >> 3]] = value;
  }
  return message;
}

module.exports = { pack, unpack };
