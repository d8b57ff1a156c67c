// probe: measures round trips to a host with ICMP echo requests, one at a time, and prints them.
//
//   probe IPV4-ADDRESS COUNT INTERVAL-US
//
// The far side's kernel answers, so nothing of ours runs there. Between two probes everything on the way goes to sleep:
// what is measured has the wake-ups in it, as a user's first packet has. Prints a JSON array of microseconds; probes
// without an answer within a second are not in it.

#include "net.h"

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum { PAYLOAD_BYTES = 56 };

struct echo {
    struct icmphdr header;
    uint8_t payload[PAYLOAD_BYTES];
};

static uint16_t checksum(const struct echo *echo)
{
    uint16_t words[sizeof *echo / 2];
    memcpy(words, echo, sizeof words);
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof words / 2; i++)
        sum += words[i];
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~(sum + (sum >> 16));
}

// Returns when the answer to this request came, or 0 when it did not.
static int64_t wait_for_reply(int fd, const struct echo *request)
{
    for (;;) {
        struct { struct iphdr ip; struct echo echo; } reply;
        ssize_t bytes = recv(fd, &reply, sizeof reply, 0);
        int64_t received = now_ns();
        if (bytes < 0 && errno == EAGAIN)
            return 0;
        if (bytes < 0)
            fail("recv");
        if (bytes == sizeof reply && reply.echo.header.type == ICMP_ECHOREPLY &&
            reply.echo.header.un.echo.id == request->header.un.echo.id &&
            reply.echo.header.un.echo.sequence == request->header.un.echo.sequence)
            return received;
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int count = argc == 4 ? atoi(argv[2]) : 0;
    int64_t interval_ns = argc == 4 ? atoll(argv[3]) * 1000 : 0;
    if (count < 1 || interval_ns < 1 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
        fprintf(stderr, "usage: probe IPV4-ADDRESS COUNT INTERVAL-US\n");
        return 2;
    }
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
    struct timeval second = { .tv_sec = 1 };
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) < 0)
        fail("socket");
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        fail(argv[1]);

    prctl(PR_SET_TIMERSLACK, 1);
    int64_t *round_trips = calloc((size_t)count, sizeof *round_trips);
    int answered = 0;
    struct echo request = { .header = { .type = ICMP_ECHO, .un.echo.id = htons((uint16_t)getpid()) } };
    int64_t start = now_ns();
    for (int i = 0; i < count; i++) {
        sleep_until_ns(start + i * interval_ns);
        request.header.un.echo.sequence = htons((uint16_t)i);
        request.header.checksum = 0;
        request.header.checksum = checksum(&request);
        int64_t sent = now_ns();
        if (send(fd, &request, sizeof request, 0) < 0 && errno != ENOBUFS)
            fail("send");
        int64_t received = wait_for_reply(fd, &request);
        if (received > 0)
            round_trips[answered++] = received - sent;
    }
    if (answered == 0) {
        fprintf(stderr, "probe: %s does not answer\n", argv[1]);
        return 1;
    }

    for (int i = 0; i < answered; i++)
        printf("%s%.1f", i == 0 ? "[" : ", ", (double)round_trips[i] / 1000);
    printf("]\n");
    return 0;
}
