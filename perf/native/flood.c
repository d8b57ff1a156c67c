// flood: sends 60-byte UDP frames out of a netdev, as fast as it takes them or at a given rate.
//
//   flood IFNAME FROM-MAC TO-MAC [--rate PPS] [--frames N] [--addresses N]
//
// With --addresses, frames come from N addresses and go to N, each with its number in the last bytes.
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

enum { FRAME_BYTES = 60, BATCH_FRAMES = 64, BURSTS_PER_SECOND = 5000, LATE_NS_MAX = 500000, ADDRESSES_MAX = 1 << 20 };

struct frame {
    struct ether_header ether;
    struct iphdr ip;
    struct udphdr udp;
    uint8_t payload[FRAME_BYTES - 14 - 20 - 8];
} __attribute__((packed));

static void set_address(uint8_t *address, const char *text, int number)
{
    memcpy(address, ether_aton(text), ETH_ALEN);
    address[3] ^= (uint8_t)(number >> 16);
    address[4] ^= (uint8_t)(number >> 8);
    address[5] ^= (uint8_t)number;
}

static struct frame make_frame(const char *from, const char *to, int number)
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
    set_address(frame.ether.ether_shost, from, number);
    if (strcmp(to, "ff:ff:ff:ff:ff:ff") == 0)
        number = 0;
    set_address(frame.ether.ether_dhost, to, number);

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

// Sends so many of the messages from the first on, and returns the one after the last; after all of them comes the first.
static int send_burst(int fd, struct mmsghdr *messages, int first, int messages_count, int count)
{
    while (count > 0) {
        int batch = count < BATCH_FRAMES ? count : BATCH_FRAMES;
        if (batch > messages_count - first)
            batch = messages_count - first;
        int sent = sendmmsg(fd, messages + first, (unsigned)batch, 0);
        if (sent < 0 && errno != ENOBUFS && errno != EAGAIN)
            fail("send");
        // The call stops at the first frame that is refused; that frame is lost.
        int done = sent < 0 ? 1 : sent < batch ? sent + 1 : sent;
        count -= done;
        first = (first + done) % messages_count;
    }
    return first;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "rate", required_argument, NULL, 'r' }, { "frames", required_argument, NULL, 'n' },
        { "addresses", required_argument, NULL, 'a' }, { 0 },
    };
    int64_t rate = 0, frames = INT64_MAX;
    int addresses = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r')
            rate = atoll(optarg);
        else if (option == 'n')
            frames = atoll(optarg);
        else if (option == 'a')
            addresses = atoi(optarg);
        else
            return 2;
    }
    if (argc - optind != 3 || addresses < 1 || addresses > ADDRESSES_MAX || !ether_aton(argv[optind + 1]) || !ether_aton(argv[optind + 2])) {
        fprintf(stderr, "usage: flood IFNAME FROM-MAC TO-MAC [--rate PPS] [--frames N] [--addresses N]\n");
        return 2;
    }

    int fd = open_sender(argv[optind]);
    // A multiple of the batch, so that every call but the last has a full one.
    int count = (addresses + BATCH_FRAMES - 1) / BATCH_FRAMES * BATCH_FRAMES;
    struct frame *made = calloc((size_t)count, sizeof *made);
    struct iovec *bytes = calloc((size_t)count, sizeof *bytes);
    struct mmsghdr *messages = calloc((size_t)count, sizeof *messages);
    for (int i = 0; i < count; i++) {
        made[i] = make_frame(argv[optind + 1], argv[optind + 2], i % addresses);
        bytes[i] = (struct iovec){ &made[i], sizeof made[i] };
        messages[i].msg_hdr = (struct msghdr){ .msg_iov = &bytes[i], .msg_iovlen = 1 };
    }

    prctl(PR_SET_TIMERSLACK, 1);
    int64_t burst = rate == 0 ? BATCH_FRAMES : rate < BURSTS_PER_SECOND ? 1 : rate / BURSTS_PER_SECOND;
    int64_t start = now_ns();
    int next = 0;
    for (int64_t offered = 0; offered < frames; offered += burst) {
        if (rate > 0) {
            int64_t due = start + (int64_t)((double)offered / (double)rate * NS_PER_SECOND);
            sleep_until_ns(due);
            // Who was kept from the processor goes on from here. To catch up would be a flood of another rate.
            int64_t late = now_ns() - due;
            if (late > LATE_NS_MAX)
                start += late;
        }
        next = send_burst(fd, messages, next, count, (int)(burst < frames - offered ? burst : frames - offered));
    }
    return 0;
}
