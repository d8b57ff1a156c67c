// flood: sends 60-byte UDP frames out of a netdev, as fast as it takes them or at a given rate.
//
//   flood IFNAME FROM-MAC TO-MAC [--rate PPS] [--frames N]
//
// The frames enter the netdev from an AF_PACKET socket past its queueing discipline, 64 in each system call: the sender
// has to cost less than any switch under test. What a full netdev refuses is lost, as on a wire, and the sender goes
// on. It runs until it has offered N frames or is ended, and prints nothing: the receiver counts.

#include "net.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <linux/if_packet.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum { FRAME_BYTES = 60, BATCH_FRAMES = 64, BURSTS_PER_SECOND = 5000 };

struct frame {
    struct ether_header ether;
    struct iphdr ip;
    struct udphdr udp;
    uint8_t payload[FRAME_BYTES - 14 - 20 - 8];
} __attribute__((packed));

static struct frame make_frame(const char *from, const char *to)
{
    struct frame frame = {
        .ether.ether_type = htons(ETHERTYPE_IP),
        .ip = {
            .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
            .tot_len = htons(sizeof frame - sizeof frame.ether),
            .saddr = inet_addr("198.18.0.1"), .daddr = inet_addr("198.18.0.2"),  // RFC 2544: for benchmarks
        },
        .udp = { .source = htons(4785), .dest = htons(4785), .len = htons(sizeof frame.udp + sizeof frame.payload) },
    };
    const struct ether_addr *address = ether_aton(from);
    memcpy(frame.ether.ether_shost, address, ETH_ALEN);
    address = ether_aton(to);
    memcpy(frame.ether.ether_dhost, address, ETH_ALEN);

    uint32_t sum = 0;
    uint16_t words[sizeof frame.ip / 2];
    memcpy(words, &frame.ip, sizeof words);
    for (size_t i = 0; i < sizeof words / 2; i++)
        sum += words[i];
    sum = (sum & 0xffff) + (sum >> 16);
    frame.ip.check = (uint16_t)~(sum + (sum >> 16));
    return frame;
}

static int open_sender(const char *netdev)
{
    // Protocol 0: the socket receives nothing, so it costs the netdev nothing.
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(netdev) };
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
        fail(netdev);
    if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &(int){ 1 }, sizeof(int)) < 0)
        fail("PACKET_QDISC_BYPASS");
    return fd;
}

static void send_burst(int fd, struct mmsghdr *messages, int count)
{
    while (count > 0) {
        int batch = count < BATCH_FRAMES ? count : BATCH_FRAMES;
        int sent = sendmmsg(fd, messages, (unsigned)batch, 0);
        if (sent < 0 && errno != ENOBUFS && errno != EAGAIN)
            fail("send");
        // The call stops at the first frame that is refused; that frame is lost.
        count -= sent < 0 ? 1 : sent < batch ? sent + 1 : sent;
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "rate", required_argument, NULL, 'r' }, { "frames", required_argument, NULL, 'n' }, { 0 },
    };
    int64_t rate = 0, frames = INT64_MAX;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r')
            rate = atoll(optarg);
        else if (option == 'n')
            frames = atoll(optarg);
        else
            return 2;
    }
    if (argc - optind != 3 || !ether_aton(argv[optind + 1]) || !ether_aton(argv[optind + 2])) {
        fprintf(stderr, "usage: flood IFNAME FROM-MAC TO-MAC [--rate PPS] [--frames N]\n");
        return 2;
    }

    int fd = open_sender(argv[optind]);
    struct frame frame = make_frame(argv[optind + 1], argv[optind + 2]);
    struct iovec bytes = { &frame, sizeof frame };
    struct mmsghdr messages[BATCH_FRAMES] = { 0 };
    for (int i = 0; i < BATCH_FRAMES; i++)
        messages[i].msg_hdr = (struct msghdr){ .msg_iov = &bytes, .msg_iovlen = 1 };

    prctl(PR_SET_TIMERSLACK, 1);
    int64_t burst = rate == 0 ? BATCH_FRAMES : rate < BURSTS_PER_SECOND ? 1 : rate / BURSTS_PER_SECOND;
    int64_t start = now_ns();
    for (int64_t offered = 0; offered < frames; offered += burst) {
        if (rate > 0)
            sleep_until_ns(start + (int64_t)((double)offered / (double)rate * NS_PER_SECOND));
        send_burst(fd, messages, (int)(burst < frames - offered ? burst : frames - offered));
    }
    return 0;
}
