'use strict';
// Calls the Echo service with @grpc/grpc-js: node client.js ADDRESS CASE. Fails with an assertion, or prints "ok".

const assert = require('node:assert').strict;
const { once } = require('node:events');
const crypto = require('node:crypto');
const grpc = require('@grpc/grpc-js');
const { pack, unpack } = require('./echo_messages.js');

const SERVICE = '/vswitch.grpc.test.Echo/';
const BYTES = Buffer.from([0, 1, 2, 0xfe, 0xff]);
const DETAILS = Buffer.from([8, 5, 18, 4, 103, 111, 110, 101]);
const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

const [, , address, name] = process.argv;
const open = (options = {}) => new grpc.Client(address, grpc.credentials.createInsecure(), options);
const client = open();

/** Resolves to { error, reply, headers, status } when the call is over. */
function unary(method, request, { metadata = new grpc.Metadata(), options = {}, path = SERVICE + method, on = client } = {}) {
  return new Promise(resolve => {
    const result = {};
    const call = on.makeUnaryRequest(path, pack, unpack, request, metadata, options, (error, reply) => {
      Object.assign(result, { error, reply });
    });
    call.on('metadata', headers => (result.headers = headers));
    call.on('status', status => setImmediate(() => resolve({ ...result, status })));
  });
}

async function replyOf(...call) {
  const { error, reply } = await unary(...call);
  assert.ifError(error);
  return reply;
}

async function codeOf(...call) {
  const { error } = await unary(...call);
  assert.ok(error, 'the call should fail');
  return error.code;
}

/** Collects a stream of responses; an error is in the status. */
async function drain(call) {
  const replies = [];
  call.on('data', reply => replies.push(reply));
  call.on('error', () => {});
  const status = await new Promise(resolve => call.on('status', resolve));
  return { replies, status };
}

const cases = {
  async unary() {
    const { error, reply, status } = await unary('Unary', { text: 'héllo' });
    assert.ifError(error);
    assert.deepEqual(reply, { text: 'héllo', count: 5, status: 0 });
    assert.equal(status.code, grpc.status.OK);
  },

  async empty() {
    assert.deepEqual(await replyOf('Unary', {}), { text: '', count: 0, status: 0 });
  },

  async client_stream() {
    const reply = await new Promise((resolve, reject) => {
      const call = client.makeClientStreamRequest(SERVICE + 'Collect', pack, unpack, (error, value) => (error ? reject(error) : resolve(value)));
      ['a', '', 'b', 'c'].forEach(text => call.write({ text }));
      call.end();
    });
    assert.deepEqual(reply, { text: 'abc', count: 4, status: 0 });
  },

  async server_stream() {
    for (const count of [0, 1, 1000]) {
      const { replies, status } = await drain(client.makeServerStreamRequest(SERVICE + 'Repeat', pack, unpack, { text: 'x', count }));
      assert.equal(status.code, grpc.status.OK);
      assert.deepEqual(replies.map(reply => reply.count), [...Array(count).keys()]);
    }
  },

  async duplex_stream() {
    const call = client.makeBidiStreamRequest(SERVICE + 'Chat', pack, unpack);
    for (let index = 0; index < 20; index++) {
      call.write({ text: `${index}` });
      const [reply] = await once(call, 'data');
      assert.deepEqual(reply, { text: `${index}`, count: index, status: 0 });
    }
    call.end();
    const { replies, status } = await drain(call);
    assert.deepEqual([replies, status.code], [[], grpc.status.OK]);
  },

  async failure() {
    for (const [status, text] of [[1, ''], [5, 'not here'], [3, "100 % of 'ünïcode' \u{1F600}\r\n\ttabs"], [16, '%41 is not A']]) {
      const { error } = await unary('Fail', { text, status });
      assert.deepEqual([error.code, error.details], [status, text]);
      assert.deepEqual(error.metadata.get('x-reason'), ['because']);
      assert.deepEqual(error.metadata.get('x-bytes-bin'), [BYTES]);
      assert.deepEqual(error.metadata.get('grpc-status-details-bin'), [DETAILS]);
    }
  },

  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.add('x-text', 'a b; d=%41');
    const keys = ['x-text'];
    for (let length = 1; length <= 4; length++) {
      keys.push(`x-bytes${length}-bin`);
      metadata.add(keys.at(-1), BYTES.subarray(0, length));
    }
    keys.push('x-twice-bin');
    metadata.add('x-twice-bin', Buffer.from('one'));
    metadata.add('x-twice-bin', Buffer.from('two'));
    const { error, headers, reply, status } = await unary('Reflect', {}, { metadata });
    assert.ifError(error);
    assert.equal(reply.count, 7);
    for (const key of keys) {
      assert.deepEqual(headers.get(key), metadata.get(key));
      assert.deepEqual(status.metadata.get('trailer-' + key), metadata.get(key));
    }
  },

  async deadline() {
    // A call that a busy machine does not bring to the server in time is made again, with a later deadline.
    await cases.unary();
    let ending = '';
    for (const milliseconds of [300, 3_000, 30_000]) {
      const text = crypto.randomUUID();
      assert.equal(await codeOf('Hang', { text }, { options: { deadline: Date.now() + milliseconds } }), grpc.status.DEADLINE_EXCEEDED);
      ending = (await replyOf('HowEnded', { text })).text;
      if (ending) {
        break;
      }
    }
    assert.ok(['deadline', 'cancelled'].includes(ending), ending);
  },

  async cancel() {
    const text = crypto.randomUUID();
    const call = client.makeServerStreamRequest(SERVICE + 'HangAfterFirst', pack, unpack, { text });
    const [first] = await once(call, 'data');
    assert.equal(first.text, text);
    const ended = drain(call);
    call.cancel();
    assert.equal((await ended).status.code, grpc.status.CANCELLED);
    assert.equal((await replyOf('HowEnded', { text })).text, 'cancelled');
  },

  async unimplemented() {
    for (const path of [SERVICE + 'Nothing', '/no.such.Service/Unary']) {
      assert.equal(await codeOf('', {}, { path }), grpc.status.UNIMPLEMENTED);
    }
  },

  async exception() {
    const { error } = await unary('Throw', { text: 'word' });
    assert.equal(error.code, grpc.status.UNKNOWN);
    assert.ok(!error.details.includes('secret'), error.details);
  },

  async early_end() {
    const error = await new Promise(resolve => {
      const call = client.makeClientStreamRequest(SERVICE + 'Refuse', pack, unpack, resolve);
      call.on('error', () => {});
      const fill = () => {
        while (!call.destroyed && call.write({ text: 'x'.repeat(10_000) })) {
          // The stream takes more.
        }
      };
      call.on('drain', fill);
      fill();
    });
    assert.deepEqual([error.code, error.details], [grpc.status.FAILED_PRECONDITION, 'not now']);
    assert.deepEqual(error.metadata.get('x-reason'), ['because']);
  },

  async large_request() {
    const overhead = pack({ text: 'x'.repeat(MESSAGE_BYTES_MAX) }).length - MESSAGE_BYTES_MAX;
    const unlimited = open({ 'grpc.max_receive_message_length': -1 });
    const largest = MESSAGE_BYTES_MAX - overhead;
    assert.equal((await replyOf('Unary', { text: 'x'.repeat(largest) }, { on: unlimited })).count, largest);
    assert.equal(await codeOf('Unary', { text: 'x'.repeat(largest + 1) }), grpc.status.RESOURCE_EXHAUSTED);
    unlimited.close();
  },

  async large_response() {
    assert.equal((await replyOf('Grow', { text: 'x', count: MESSAGE_BYTES_MAX - 20 })).count, MESSAGE_BYTES_MAX - 20);
    assert.equal(await codeOf('Grow', { text: 'x', count: MESSAGE_BYTES_MAX }), grpc.status.RESOURCE_EXHAUSTED);
  },

  async gzip() {
    const text = 'compressible '.repeat(1000);
    const zipping = open({ 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
    assert.equal((await replyOf('Unary', { text }, { on: zipping })).text, text);
    zipping.close();
  },

  async deflate() {
    const deflating = open({ 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.deflate });
    assert.equal(await codeOf('Unary', { text: 'x'.repeat(1000) }, { on: deflating }), grpc.status.UNIMPLEMENTED);
    deflating.close();
  },

  async many() {
    const texts = [...Array(300).keys()].map(String);
    const replies = await Promise.all(texts.map(text => replyOf('Unary', { text })));
    assert.deepEqual(replies.map(reply => reply.text), texts);
  },
};

cases[name]().then(
  () => {
    client.close();
    console.log('ok');
  },
  error => {
    console.error(error);
    process.exit(1);
  });
