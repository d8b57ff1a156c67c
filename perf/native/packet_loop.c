// packet_loop: moves frames between two existing netdevs with recvmmsg(2) and sendmmsg(2) on AF_PACKET sockets.
//
//   packet_loop IFNAME IFNAME
//
// The yardstick for switches that attach to netdevs somebody else made. Large TCP segments and partial checksums pass
// whole: every frame has a virtio header before it (PACKET_VNET_HDR). It prints "ready" when it is attached.

#include "net.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <sys/socket.h>

enum { BATCH_FRAMES = 64, VNET_HEADER_BYTES = 10, BUFFER_BYTES = VNET_HEADER_BYTES + 65536 + 18 };

static void set_option(int fd, int option)
{
    if (setsockopt(fd, SOL_PACKET, option, &(int){ 1 }, sizeof(int)) < 0)
        fail("setsockopt");
}

static int open_packet(const char *netdev)
{
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(netdev),
    };
    // Protocol 0 until it is bound: no frame of another netdev gets in.
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    if (fd < 0)
        fail("socket");
    set_option(fd, PACKET_VNET_HDR);
    set_option(fd, PACKET_QDISC_BYPASS);
    set_option(fd, PACKET_IGNORE_OUTGOING);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
        fail(netdev);
    struct packet_mreq promiscuous = { .mr_ifindex = address.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
    if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) < 0)
        fail("promiscuous");
    return fd;
}

static int move_batch(int from, int to)
{
    static char buffers[BATCH_FRAMES][BUFFER_BYTES];
    struct iovec bytes[BATCH_FRAMES];
    struct mmsghdr messages[BATCH_FRAMES] = { 0 };
    for (int i = 0; i < BATCH_FRAMES; i++) {
        bytes[i] = (struct iovec){ buffers[i], BUFFER_BYTES };
        messages[i].msg_hdr = (struct msghdr){ .msg_iov = &bytes[i], .msg_iovlen = 1 };
    }
    int received = recvmmsg(from, messages, BATCH_FRAMES, 0, NULL);
    for (int i = 0; i < received; i++)
        bytes[i].iov_len = messages[i].msg_len;
    // The call stops at the first frame that is refused; that frame is lost.
    for (int i = 0; i < received;) {
        int sent = sendmmsg(to, messages + i, (unsigned)(received - i), 0);
        i += sent < 1 ? 1 : sent;
    }
    return received < 0 ? 0 : received;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: packet_loop IFNAME IFNAME\n");
        return 2;
    }
    struct pollfd netdevs[2];
    for (int i = 0; i < 2; i++)
        netdevs[i] = (struct pollfd){ .fd = open_packet(argv[1 + i]), .events = POLLIN };
    puts("ready");
    fflush(stdout);

    for (;;) {
        int moved = move_batch(netdevs[0].fd, netdevs[1].fd) + move_batch(netdevs[1].fd, netdevs[0].fd);
        if (moved == 0 && poll(netdevs, 2, -1) < 0)
            fail("poll");
    }
}
