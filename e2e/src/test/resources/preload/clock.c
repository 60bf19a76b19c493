/*
 * A clock on the wall under an ordinary process, for tests: LD_PRELOAD puts it between Java and libc. CLOCK_FILE holds
 * by how many seconds it is ahead, as 8 bytes that the test changes while the process runs. The clocks that count what
 * passes are left alone.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("CLOCK_FILE");
  int fd = name ? open(name, O_RDONLY) : -1;
  void *page = fd < 0 ? MAP_FAILED : mmap(0, sizeof *ahead, PROT_READ, MAP_SHARED, fd, 0);
  if (page != MAP_FAILED) ahead = page;
}

static time_t secondsAhead(clockid_t clock) {
  return ahead && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) ? *ahead : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int failed = syscall(SYS_clock_gettime, clock, now);
  if (!failed) now->tv_sec += secondsAhead(clock);
  return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec time;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &time)) return -1;
  now->tv_sec = time.tv_sec;
  now->tv_usec = time.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *now) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  if (now) *now = time.tv_sec;
  return time.tv_sec;
}
