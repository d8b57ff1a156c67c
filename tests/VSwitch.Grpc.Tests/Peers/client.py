"""Calls the Echo service with python3-grpcio: client.py ADDRESS CASE. Fails with an assertion, or prints "ok"."""

import queue
import sys
import threading
import uuid

import grpc

from echo_messages import pack, unpack

SERVICE = "/vswitch.grpc.test.Echo/"
BYTES = bytes([0, 1, 2, 0xFE, 0xFF])
DETAILS = bytes([8, 5, 18, 4, 103, 111, 110, 101])
MESSAGE_BYTES_MAX = 4 * 1024 * 1024


def expect(actual, expected):
    assert actual == expected, f"{actual!r:.500} is not {expected!r:.500}"


def expect_trailers(call, expected):
    """A server may add trailers of its own, such as the date."""
    trailers = dict(call.trailing_metadata())
    expect({key: trailers.get(key) for key in expected}, expected)


def error_of(action):
    try:
        result = action()
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"no error, but {result!r:.500}")


class Cases:
    def __init__(self, channel):
        self.channel = channel

    def unary(self, method, request, **options):
        return self.channel.unary_unary(SERVICE + method)(request, **options)

    def case_unary(self):
        reply, call = self.channel.unary_unary(SERVICE + "Unary").with_call(pack("héllo"))
        expect(unpack(reply), ("héllo", 5, 0))
        expect((call.code(), call.details(), call.trailing_metadata()), (grpc.StatusCode.OK, "", ()))

    def case_empty(self):
        expect(self.unary("Unary", b""), b"")

    def case_client_stream(self):
        reply = self.channel.stream_unary(SERVICE + "Collect")(pack(text) for text in ("a", "", "b", "c"))
        expect(unpack(reply), ("abc", 4, 0))

    def case_server_stream(self):
        for count in (0, 1, 1000):
            call = self.channel.unary_stream(SERVICE + "Repeat")(pack("x", count))
            expect([unpack(reply)[1] for reply in call], list(range(count)))
            expect(call.code(), grpc.StatusCode.OK)

    def case_duplex_stream(self):
        requests = queue.Queue()
        call = self.channel.stream_stream(SERVICE + "Chat")(iter(requests.get, None))
        for index in range(20):
            requests.put(pack(str(index)))
            expect(unpack(next(call)), (str(index), index, 0))
        requests.put(None)
        expect(list(call), [])
        expect(call.code(), grpc.StatusCode.OK)

    def case_failure(self):
        for status, detail in ((1, ""), (5, "not here"), (3, "100 % of 'ünïcode' \U0001F600\r\n\ttabs"), (16, "%41 is not A")):
            error = error_of(lambda: self.unary("Fail", pack(detail, status=status)))
            expect((error.code().value[0], error.details()), (status, detail))
            expect_trailers(error, {"x-reason": "because", "x-bytes-bin": BYTES, "grpc-status-details-bin": DETAILS})

    def case_metadata(self):
        sent = [("x-text", "a b,c; d=%41"), ("x-twice", "one"), ("x-twice", "two"), ("x-empty-bin", b"")]
        sent += [(f"x-bytes{length}-bin", BYTES[:length]) for length in range(1, 5)]
        sent += [("x-twice-bin", b"one"), ("x-twice-bin", b"two")]
        reply, call = self.channel.unary_unary(SERVICE + "Reflect").with_call(pack(), metadata=sent)
        expect(unpack(reply)[:2], (SERVICE + "Reflect", len(sent)))
        received = [item for item in call.initial_metadata() if item[0].startswith("x-")]
        expect(sorted(received), sorted(sent))
        expect(sorted(call.trailing_metadata()), sorted(("trailer-" + key, value) for key, value in sent))

    def case_deadline(self):
        """A call that a busy machine does not bring to the server in time is made again, with a later deadline."""
        self.case_unary()
        for timeout in (0.3, 3, 30):
            name = str(uuid.uuid4())
            expect(error_of(lambda: self.unary("Hang", pack(name), timeout=timeout)).code(), grpc.StatusCode.DEADLINE_EXCEEDED)
            ending = unpack(self.unary("HowEnded", pack(name)))[0]
            if ending:
                break
        assert ending in ("deadline", "cancelled"), ending

    def case_cancel(self):
        name = str(uuid.uuid4())
        call = self.channel.unary_stream(SERVICE + "HangAfterFirst")(pack(name))
        expect(unpack(next(call))[0], name)
        call.cancel()
        expect(error_of(lambda: next(call)).code(), grpc.StatusCode.CANCELLED)
        expect(unpack(self.unary("HowEnded", pack(name)))[0], "cancelled")

    def case_lost_client(self):
        name = str(uuid.uuid4())
        with grpc.insecure_channel(sys.argv[1]) as other:
            call = other.unary_stream(SERVICE + "HangAfterFirst")(pack(name))
            expect(unpack(next(call))[0], name)
        expect(unpack(self.unary("HowEnded", pack(name)))[0], "cancelled")

    def case_unimplemented(self):
        for path in (SERVICE + "Nothing", "/no.such.Service/Unary"):
            expect(error_of(lambda: self.channel.unary_unary(path)(b"")).code(), grpc.StatusCode.UNIMPLEMENTED)
            call = self.channel.stream_stream(path)(iter([b"", b""]))
            expect(error_of(lambda: next(call)).code(), grpc.StatusCode.UNIMPLEMENTED)

    def case_exception(self):
        error = error_of(lambda: self.unary("Throw", pack("word")))
        expect(error.code(), grpc.StatusCode.UNKNOWN)
        assert "secret" not in error.details(), error.details()

    def case_early_end(self):
        stop = threading.Event()

        def endless():
            while not stop.is_set():
                yield pack("x" * 10_000)

        error = error_of(lambda: self.channel.stream_unary(SERVICE + "Refuse")(endless()))
        stop.set()
        expect((error.code(), error.details()), (grpc.StatusCode.FAILED_PRECONDITION, "not now"))
        expect_trailers(error, {"x-reason": "because"})

    def case_garbage(self):
        expect(error_of(lambda: self.unary("Unary", b"\x0a\xff\xff\xff\xff\x0fx")).code(), grpc.StatusCode.INTERNAL)
        self.case_unary()

    def case_large_request(self):
        overhead = len(pack("x" * MESSAGE_BYTES_MAX)) - MESSAGE_BYTES_MAX
        largest = pack("x" * (MESSAGE_BYTES_MAX - overhead))
        expect(len(largest), MESSAGE_BYTES_MAX)
        with grpc.insecure_channel(sys.argv[1], options=[("grpc.max_receive_message_length", -1)]) as channel:
            expect(unpack(channel.unary_unary(SERVICE + "Unary")(largest))[1], MESSAGE_BYTES_MAX - overhead)
        expect(error_of(lambda: self.unary("Unary", largest + b"\x10\x00")).code(), grpc.StatusCode.RESOURCE_EXHAUSTED)

    def case_large_response(self):
        reply = self.unary("Grow", pack("x", MESSAGE_BYTES_MAX - 20))
        expect(unpack(reply)[1], MESSAGE_BYTES_MAX - 20)
        expect(error_of(lambda: self.unary("Grow", pack("x", MESSAGE_BYTES_MAX))).code(), grpc.StatusCode.RESOURCE_EXHAUSTED)

    def case_gzip(self):
        text = "compressible " * 1000
        expect(unpack(self.unary("Unary", pack(text), compression=grpc.Compression.Gzip))[0], text)
        call = self.channel.stream_stream(SERVICE + "Chat")(
            iter([pack(text)] * 3), compression=grpc.Compression.Gzip)
        expect([unpack(reply)[0] for reply in call], [text] * 3)

    def case_deflate(self):
        error = error_of(lambda: self.unary("Unary", pack("x" * 1000), compression=grpc.Compression.Deflate))
        expect(error.code(), grpc.StatusCode.UNIMPLEMENTED)
        self.case_unary()

    def case_many(self):
        calls = [self.channel.unary_unary(SERVICE + "Unary").future(pack(str(index))) for index in range(300)]
        expect([unpack(call.result())[0] for call in calls], [str(index) for index in range(300)])


with grpc.insecure_channel(sys.argv[1]) as channel:
    getattr(Cases(channel), "case_" + sys.argv[2])()
print("ok")
