/*
 * A disk under an ordinary process, for tests: LD_PRELOAD puts it between Java and libc. What is done to files below
 * DISK_FOLDER is recorded in DISK_TRACE, in its order and with its bytes, so that a test can tell what a
 * power failure would have left at any moment. Numbers in DISK_CONTROL, which the test changes while it runs, let
 * a flush fail, writes end early, and the disk be full.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FILES 65536
#define MAPS 8192
#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* failing flush: counts down, 1 fails; room: bytes left, -1 for plenty; halves: every second write ends early */
struct control { int64_t failingFlush, room, halves, failingRead; };
struct map { char *start; size_t length; int64_t file, offset; };

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static const char *folder;
static int trace = -1;
static struct control nothing = {0, -1, 0, 0}, *control = &nothing;
static int64_t inodes[FILES];
static struct map maps[MAPS];
static int64_t calls;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("DISK_TRACE"), *numbers = getenv("DISK_CONTROL");
  if (name) trace = syscall(SYS_openat, AT_FDCWD, name, O_CREAT | O_WRONLY | O_APPEND, 0600);
  if (numbers) {
    int fd = syscall(SYS_openat, AT_FDCWD, numbers, O_RDWR, 0);
    if (fd >= 0) control = (struct control *)syscall(SYS_mmap, 0, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  }
  folder = getenv("DISK_FOLDER");
}

static int ours(const char *path) { return folder && path && !strncmp(path, folder, strlen(folder)); }

static int64_t inode(int fd) { return fd >= 0 && fd < FILES ? inodes[fd] : 0; }

static int64_t inodeOf(const char *path) {
  struct stat s;
  return stat(path, &s) ? 0 : (int64_t)s.st_ino;
}

/* type, ns, thread, two numbers, a path, and bytes or another path */
static void record(char type, int64_t a, int64_t b, const char *path, const void *bytes, int64_t length) {
  if (trace < 0) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t head[7] = {type, now.tv_sec * 1000000000LL + now.tv_nsec, syscall(SYS_gettid), a, b, path ? strlen(path) : 0, length};
  struct iovec parts[3] = {{head, sizeof head}, {(void *)path, head[5]}, {(void *)bytes, length}};
  ssize_t done = syscall(SYS_writev, trace, parts, 3);
  (void)done;
}

static int opened(int fd, const char *path, int isNew, int flags) {
  if (fd >= 0 && fd < FILES && ours(path)) {
    struct stat s;
    fstat(fd, &s);
    inodes[fd] = s.st_ino;
    if (isNew) record('C', inodes[fd], 0, path, 0, 0);
    if (flags & O_TRUNC) record('T', inodes[fd], 0, 0, 0, 0);
  }
  return fd;
}

#define OPEN(name)                                                                    \
  int name(const char *path, int flags, ...) {                                        \
    REAL(name);                                                                       \
    va_list rest;                                                                     \
    va_start(rest, flags);                                                            \
    int mode = va_arg(rest, int);                                                     \
    va_end(rest);                                                                     \
    if (!ours(path)) return real(path, flags, mode);                                  \
    pthread_mutex_lock(&lock);                                                        \
    int isNew = (flags & O_CREAT) && access(path, F_OK);                              \
    int fd = opened(real(path, flags, mode), path, isNew, flags);                     \
    pthread_mutex_unlock(&lock);                                                      \
    return fd;                                                                        \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(close);
  if (inode(fd)) inodes[fd] = 0;
  return real(fd);
}

/* How much of a write the disk takes: fewer bytes, or none and ENOSPC. */
static ssize_t taken(int fd, int64_t offset, size_t length) {
  struct stat s;
  if (control->halves && length > 1 && ++calls % 2) length /= 2;
  if (control->room < 0) return length;
  fstat(fd, &s);
  int64_t grows = offset + (int64_t)length - s.st_size;
  if (grows > control->room) {
    length -= grows - control->room;
    grows = control->room;
    if ((int64_t)length <= 0) return errno = ENOSPC, -1;
  }
  if (grows > 0) control->room -= grows;
  return length;
}

static ssize_t put(int fd, const void *bytes, size_t length, int64_t offset, int isAtEnd) {
  pthread_mutex_lock(&lock);
  if (isAtEnd) offset = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
  ssize_t done = taken(fd, offset, length);
  if (done >= 0) done = isAtEnd ? syscall(SYS_write, fd, bytes, done) : syscall(SYS_pwrite64, fd, bytes, done, offset);
  if (done > 0) record('W', inode(fd), offset, 0, bytes, done);
  if (done > 0 && (fcntl(fd, F_GETFL) & O_DSYNC)) record('S', inode(fd), 0, 0, 0, 0), record('s', inode(fd), 0, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return inode(fd) ? put(fd, bytes, length, 0, 1) : syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  return inode(fd) ? put(fd, bytes, length, offset, 0) : syscall(SYS_pwrite64, fd, bytes, length, offset);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return inode(fd) && count > 0 ? put(fd, parts[0].iov_base, parts[0].iov_len, 0, 1) : syscall(SYS_writev, fd, parts, count);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t offset) {
  if (inode(fd) && control->failingRead && --control->failingRead == 0) return errno = EIO, -1;
  return syscall(SYS_pread64, fd, bytes, length, offset);
}

int ftruncate64(int fd, off64_t size) {
  pthread_mutex_lock(&lock);
  int done = syscall(SYS_ftruncate, fd, size);
  if (!done && inode(fd)) record('T', inode(fd), size, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* The bytes stay where they are: it is the record that says what is safe. */
static int flushed(int fd) {
  if (!inode(fd)) return -1;
  pthread_mutex_lock(&lock);
  int fails = control->failingFlush && --control->failingFlush == 0;
  if (!fails) record('S', inode(fd), 0, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  if (fails) return errno = EIO, 1;
  usleep(100);
  pthread_mutex_lock(&lock);
  record('s', inode(fd), 0, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  return 0;
}
int fdatasync(int fd) {
  int done = flushed(fd);
  return done < 0 ? syscall(SYS_fdatasync, fd) : -done;
}
int fsync(int fd) {
  int done = flushed(fd);
  return done < 0 ? syscall(SYS_fsync, fd) : -done;
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
  void *start = (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
  if (start != MAP_FAILED && inode(fd) && (protection & PROT_WRITE) && (flags & MAP_SHARED)) {
    static int next;
    pthread_mutex_lock(&lock);
    maps[next++ % MAPS] = (struct map){start, length, inode(fd), offset};
    pthread_mutex_unlock(&lock);
  }
  return start;
}
void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  return mmap64(at, length, protection, flags, fd, offset);
}

int msync(void *at, size_t length, int flags) {
  pthread_mutex_lock(&lock);
  for (int i = MAPS; i-- > 0;) {
    struct map *m = &maps[i];
    if (m->length && (char *)at >= m->start && (char *)at < m->start + m->length) {
      size_t used = (char *)at + length > m->start + m->length ? m->start + m->length - (char *)at : length;
      while (used > 0 && !((char *)at)[used - 1]) used--;
      record('W', m->file, m->offset + ((char *)at - m->start), 0, at, used);
      record('S', m->file, 0, 0, 0, 0), record('s', m->file, 0, 0, 0, 0);
      break;
    }
  }
  pthread_mutex_unlock(&lock);
  return 0;
}

int munmap(void *at, size_t length) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < MAPS; i++) if (maps[i].start == at) maps[i].length = 0;
  pthread_mutex_unlock(&lock);
  return syscall(SYS_munmap, at, length);
}

static void freed(const char *path) {
  struct stat s;
  if (control->room >= 0 && !stat(path, &s) && S_ISREG(s.st_mode)) control->room += s.st_size;
}

#define NAMES(call, type, path, to)                             \
  const char *other = to;                                       \
  pthread_mutex_lock(&lock);                                    \
  int done = call;                                              \
  if (!done && ours(path)) record(type, inodeOf(*other ? other : path), 0, path, other, strlen(other)); \
  pthread_mutex_unlock(&lock);                                  \
  return done;

int mkdir(const char *path, mode_t mode) { NAMES(syscall(SYS_mkdirat, AT_FDCWD, path, mode), 'D', path, "") }
int rename(const char *from, const char *to) { NAMES(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0), 'R', from, to) }
int unlink(const char *path) {
  if (ours(path)) freed(path);
  NAMES(syscall(SYS_unlinkat, AT_FDCWD, path, 0), 'U', path, "")
}
int rmdir(const char *path) { NAMES(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR), 'U', path, "") }
int remove(const char *path) { return unlink(path) ? rmdir(path) : 0; }

#define FULL(name, type)                                                                 \
  int name(const char *path, struct type *s) {                                           \
    REAL(name);                                                                          \
    int done = real(path, s);                                                            \
    if (!done && ours(path) && control->room >= 0) s->f_bavail = s->f_bfree = control->room / s->f_frsize; \
    return done;                                                                         \
  }
FULL(statvfs, statvfs)
FULL(statvfs64, statvfs64)
