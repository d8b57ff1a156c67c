// tap_loop: moves frames between two TAP netdevs with read(2) and write(2), and does nothing else.
//
//   tap_loop IFNAME IFNAME [--vnet-hdr]
//
// The yardstick: what the two system calls per frame leave to any switch that makes them. With --vnet-hdr, large TCP
// segments and partial checksums pass whole, as between two VMs on one host. It prints "ready" when the netdevs exist.

#include "net.h"

#include <poll.h>
#include <stdbool.h>

enum { BATCH_FRAMES = 64, VNET_HEADER_BYTES = 10, BUFFER_BYTES = VNET_HEADER_BYTES + 65536 + 18 };

// Returns the number of frames moved: fewer than a batch when there are no more.
static int move_batch(int from, int to)
{
    static char buffer[BUFFER_BYTES];
    for (int i = 0; i < BATCH_FRAMES; i++) {
        ssize_t bytes = read(from, buffer, sizeof buffer);
        if (bytes <= 0)
            return i;
        // A netdev that is down refuses the frame, which is then lost.
        if (write(to, buffer, (size_t)bytes) < 0 && errno != EIO && errno != EAGAIN)
            fail("write");
    }
    return BATCH_FRAMES;
}

int main(int argc, char **argv)
{
    bool vnet = argc == 4 && strcmp(argv[3], "--vnet-hdr") == 0;
    if (argc != 3 && !vnet) {
        fprintf(stderr, "usage: tap_loop IFNAME IFNAME [--vnet-hdr]\n");
        return 2;
    }

    struct pollfd taps[2];
    for (int i = 0; i < 2; i++) {
        taps[i] = (struct pollfd){ .fd = open_tap(argv[1 + i], vnet ? IFF_VNET_HDR : 0), .events = POLLIN };
        unsigned offloads = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
        if (vnet && ioctl(taps[i].fd, TUNSETOFFLOAD, offloads) < 0)
            fail("TUNSETOFFLOAD");
    }
    puts("ready");
    fflush(stdout);

    for (;;) {
        int moved = move_batch(taps[0].fd, taps[1].fd) + move_batch(taps[1].fd, taps[0].fd);
        if (moved == 0 && poll(taps, 2, -1) < 0)
            fail("poll");
    }
}
