// What the measuring programs share: how they fail, what time it is, and the TAP netdevs of the two loops.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000LL

static inline void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static inline int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

// Sleeps until an absolute time, so that a late wake-up does not delay the ones after it.
static inline void sleep_until_ns(int64_t when)
{
    struct timespec at = { when / NS_PER_SECOND, when % NS_PER_SECOND };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) { }
}

// Makes a TAP netdev and returns its user side, which does not block.
static inline int open_tap(const char *name, int flags)
{
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (fd < 0)
        fail("open /dev/net/tun");
    struct ifreq request = { .ifr_flags = (short)(IFF_TAP | IFF_NO_PI | flags) };
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (ioctl(fd, TUNSETIFF, &request) < 0)
        fail(name);
    return fd;
}
