'use strict';
// The Echo service on @grpc/grpc-js. Prints its port, serves until standard input ends.

const grpc = require('@grpc/grpc-js');
const { pack, unpack } = require('./echo_messages.js');

const BYTES = Buffer.from([0, 1, 2, 0xfe, 0xff]);
const DETAILS = Buffer.from([8, 5, 18, 4, 103, 111, 110, 101]);

const endings = new Map();
const waiting = new Map();

function recordEnd(call) {
  call.on('cancelled', () => {
    const how = Date.now() >= Number(call.getDeadline()) ? 'deadline' : 'cancelled';
    endings.set(call.request.text, how);
    waiting.get(call.request.text)?.();
  });
}

const trailers = entries => {
  const metadata = new grpc.Metadata();
  Object.entries(entries).forEach(([key, value]) => metadata.add(key, value));
  return metadata;
};

const methods = {
  Unary: (call, done) => done(null, { text: call.request.text, count: [...call.request.text].length }),

  Collect: (call, done) => {
    const reply = { text: '', count: 0 };
    call.on('data', request => {
      reply.text += request.text;
      reply.count++;
    });
    call.on('end', () => done(null, reply));
  },

  Repeat: call => {
    for (let index = 0; index < call.request.count; index++) {
      call.write({ text: call.request.text, count: index });
    }
    call.end();
  },

  Chat: call => {
    let index = 0;
    call.on('data', request => call.write({ text: request.text, count: index++ }));
    call.on('end', () => call.end());
  },

  Grow: (call, done) => done(null, { text: call.request.text.repeat(call.request.count), count: call.request.count }),

  Fail: (call, done) => done({
    code: call.request.status,
    details: call.request.text,
    metadata: trailers({ 'x-reason': 'because', 'x-bytes-bin': BYTES, 'grpc-status-details-bin': DETAILS }),
  }),

  Reflect: (call, done) => {
    const headers = new grpc.Metadata();
    const after = new grpc.Metadata();
    let count = 0;
    for (const key of Object.keys(call.metadata.getMap()).filter(key => key.startsWith('x-'))) {
      for (const value of call.metadata.get(key)) {
        headers.add(key, value);
        after.add('trailer-' + key, value);
        count++;
      }
    }
    call.sendMetadata(headers);
    done(null, { text: '/vswitch.grpc.test.Echo/Reflect', count }, after);
  },

  Hang: call => recordEnd(call),

  HangAfterFirst: call => {
    recordEnd(call);
    call.write({ text: call.request.text });
  },

  HowEnded: (call, done) => {
    const name = call.request.text;
    const answer = () => done(null, { text: endings.get(name) ?? '' });
    if (endings.has(name)) {
      answer();
      return;
    }
    const timer = setTimeout(answer, 10_000);
    waiting.set(name, () => {
      clearTimeout(timer);
      answer();
    });
  },

  Refuse: (call, done) => done({
    code: grpc.status.FAILED_PRECONDITION,
    details: 'not now',
    metadata: trailers({ 'x-reason': 'because' }),
  }),

  Throw: () => {
    throw new Error('secret');
  },
};

const definition = {};
for (const name of Object.keys(methods)) {
  definition[name] = {
    path: `/vswitch.grpc.test.Echo/${name}`,
    requestStream: ['Collect', 'Chat', 'Refuse'].includes(name),
    responseStream: ['Repeat', 'Chat', 'HangAfterFirst'].includes(name),
    requestSerialize: pack,
    requestDeserialize: unpack,
    responseSerialize: pack,
    responseDeserialize: unpack,
  };
}

const server = new grpc.Server();
server.addService(definition, methods);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(port);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
