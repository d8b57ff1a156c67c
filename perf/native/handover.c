// handover: prints how long a cache line takes from one processor to another, in nanoseconds, again and again.
//
//   handover CPU CPU INTERVAL-MS
//
// Two threads pass a number to and fro, in pieces of a thousand; the fastest of four pieces counts, so that an interrupt does
// not. They run before ordinary programs (SCHED_FIFO), which wait meanwhile: for a fifth of a millisecond to a whole one.

#include "net.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { PIECES = 4, PASSES = 1000, NS_PER_MS = 1000000 };

static _Alignas(128) atomic_int number;
static int64_t start, interval_ns;

static void run_first_on(int cpu)
{
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(cpu, &only);
    struct sched_param parameters = { .sched_priority = 1 };
    if (sched_setaffinity(0, sizeof only, &only) < 0 || sched_setscheduler(0, SCHED_FIFO, &parameters) < 0)
        fail("handover");
}

// Waits for every other number and makes it the next one; after PASSES they begin anew.
static void pass(int first)
{
    for (int i = first; i < PASSES; i += 2) {
        while (atomic_load_explicit(&number, memory_order_acquire) != i) { }
        atomic_store_explicit(&number, (i + 1) % PASSES, memory_order_release);
    }
}

static void *answer(void *cpu)
{
    run_first_on(*(int *)cpu);
    for (int64_t round = 1;; round++) {
        sleep_until_ns(start + round * interval_ns);
        for (int piece = 0; piece < PIECES; piece++)
            pass(1);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    interval_ns = argc == 4 ? atoll(argv[3]) * NS_PER_MS : 0;
    if (interval_ns < 1) {
        fprintf(stderr, "usage: handover CPU CPU INTERVAL-MS\n");
        return 2;
    }
    int near = atoi(argv[1]), far = atoi(argv[2]);
    start = now_ns();
    pthread_t other;
    errno = pthread_create(&other, NULL, answer, &far);
    if (errno != 0)
        fail("thread");
    run_first_on(near);
    for (int64_t round = 1;; round++) {
        sleep_until_ns(start + round * interval_ns);
        int64_t least = INT64_MAX;
        for (int piece = 0; piece < PIECES; piece++) {
            int64_t begin = now_ns();
            pass(0);
            while (atomic_load_explicit(&number, memory_order_acquire) != 0) { }
            int64_t took = now_ns() - begin;
            least = took < least ? took : least;
        }
        printf("%.1f\n", (double)least / PASSES);
        fflush(stdout);
    }
}
