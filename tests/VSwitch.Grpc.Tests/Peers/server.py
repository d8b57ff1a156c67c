"""The Echo service on python3-grpcio. Prints its port, serves until standard input ends."""

import sys
import threading
import time
from concurrent import futures

import grpc

from echo_messages import pack, unpack

BYTES = bytes([0, 1, 2, 0xFE, 0xFF])
DETAILS = bytes([8, 5, 18, 4, 103, 111, 110, 101])
CODES = {code.value[0]: code for code in grpc.StatusCode}

endings = {}
endings_changed = threading.Condition()


def unary(request, context):
    text, _, _ = unpack(request)
    return pack(text, len(text))


def collect(requests, context):
    texts = [unpack(request)[0] for request in requests]
    return pack("".join(texts), len(texts))


def repeat(request, context):
    text, count, _ = unpack(request)
    for index in range(count):
        yield pack(text, index)


def chat(requests, context):
    for index, request in enumerate(requests):
        yield pack(unpack(request)[0], index)


def grow(request, context):
    text, count, _ = unpack(request)
    return pack(text * count, count)


def fail(request, context):
    text, _, status = unpack(request)
    context.set_trailing_metadata(
        (("x-reason", "because"), ("x-bytes-bin", BYTES), ("grpc-status-details-bin", DETAILS)))
    context.abort(CODES[status], text)


def reflect(request, context):
    metadata = [(key, value) for key, value in context.invocation_metadata() if key.startswith("x-")]
    context.send_initial_metadata(metadata)
    context.set_trailing_metadata([("trailer-" + key, value) for key, value in metadata])
    return pack("/vswitch.grpc.test.Echo/Reflect", len(metadata))


def record_end(request, context):
    """Gives an event that is set when the call is cancelled; by then the reason is recorded."""
    name, _, _ = unpack(request)
    deadline = time.time() + (context.time_remaining() or 1e9)
    ended = threading.Event()

    def record():
        with endings_changed:
            endings[name] = "deadline" if time.time() >= deadline else "cancelled"
            endings_changed.notify_all()
        ended.set()

    if not context.add_callback(record):
        record()
    return ended


def hang(request, context):
    record_end(request, context).wait()
    return pack()


def hang_after_first(request, context):
    ended = record_end(request, context)
    yield pack(unpack(request)[0])
    ended.wait()


def how_ended(request, context):
    name, _, _ = unpack(request)
    with endings_changed:
        endings_changed.wait_for(lambda: name in endings, timeout=10)
        return pack(endings.get(name, ""))


def refuse(requests, context):
    context.set_trailing_metadata((("x-reason", "because"),))
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not now")


def throw(request, context):
    raise ValueError("secret")


def main():
    handlers = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Collect": grpc.stream_unary_rpc_method_handler(collect),
        "Repeat": grpc.unary_stream_rpc_method_handler(repeat),
        "Chat": grpc.stream_stream_rpc_method_handler(chat),
        "Grow": grpc.unary_unary_rpc_method_handler(grow),
        "Fail": grpc.unary_unary_rpc_method_handler(fail),
        "Reflect": grpc.unary_unary_rpc_method_handler(reflect),
        "Hang": grpc.unary_unary_rpc_method_handler(hang),
        "HangAfterFirst": grpc.unary_stream_rpc_method_handler(hang_after_first),
        "HowEnded": grpc.unary_unary_rpc_method_handler(how_ended),
        "Refuse": grpc.stream_unary_rpc_method_handler(refuse),
        "Throw": grpc.unary_unary_rpc_method_handler(throw),
    }
    compression = {"identity": grpc.Compression.NoCompression, "gzip": grpc.Compression.Gzip}[sys.argv[1]]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), compression=compression)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("vswitch.grpc.test.Echo", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(None)


main()
