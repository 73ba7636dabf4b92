/*
 * The lab clock: loaded into a process before its libc (LD_PRELOAD), it answers what libc would answer about time,
 * and waits as long as libc would wait, on a clock that runs N times as fast and whose time of day may lie.
 *
 * The clock is a file that LAB_CLOCK names and that is mapped into each process: its fields are below, and
 * lab/time/clock-file.ts writes them. Without the variable, or without a file that is such a clock, everything is
 * handed to the kernel as it is.
 *
 * Freestanding: raw system calls only, so that one file serves glibc and musl, and so that a server whose allocator
 * asks for the time while it starts (jemalloc) is not led in a circle through a dlsym that allocates. The few libc
 * symbols below are weak: they are used where they are.
 *
 * What stays on real time: timeouts inside the kernel (retries of SYNs, SO_RCVTIMEO, keepalive), the times of files,
 * CPU clocks, and programs that do not ask libc (Go's).
 */
#if !defined(__linux__) || !(defined(__x86_64__) || defined(__aarch64__))
#error "the lab clock is written for Linux on x86-64 and arm64"
#endif

typedef long long i64;
typedef unsigned long long u64;
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef __SIZE_TYPE__ size;

struct span { i64 s, ns; };   /* struct timespec of both 64-bit ABIs */
struct spanUs { i64 s, us; }; /* struct timeval */
struct timer { struct spanUs every, left; };

#define OWN __attribute__((visibility("default")))
#define WEAK __attribute__((weak))
#define NULL_ ((void *)0)

extern char **environ WEAK;
extern int *__errno_location(void) WEAK;
extern u64 getauxval(u64) WEAK;
extern void *dlsym(void *, const char *) WEAK;

/* System calls. */

#if defined(__x86_64__)
enum { NR_mmap = 9, NR_close = 3, NR_openat = 257, NR_clock_gettime = 228, NR_clock_nanosleep = 230, NR_setitimer = 38,
       NR_getitimer = 36, NR_ppoll = 271, NR_pselect6 = 270, NR_epoll_pwait = 281, NR_epoll_pwait2 = 441, NR_futex = 202 };
static long sys(long n, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#define VDSO_CLOCK_GETTIME "__vdso_clock_gettime"
#else
enum { NR_mmap = 222, NR_close = 57, NR_openat = 56, NR_clock_gettime = 113, NR_clock_nanosleep = 115,
       NR_setitimer = 103, NR_getitimer = 102, NR_ppoll = 73, NR_pselect6 = 72, NR_epoll_pwait = 22,
       NR_epoll_pwait2 = 441, NR_futex = 98 };
static long sys(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#define VDSO_CLOCK_GETTIME "__kernel_clock_gettime"
#endif

enum { AT_FDCWD_ = -100, EINTR_ = 4, EINVAL_ = 22, ENOSYS_ = 38 };
enum { REALTIME = 0, MONOTONIC = 1, MONOTONIC_RAW = 4, REALTIME_COARSE = 5, MONOTONIC_COARSE = 6, BOOTTIME = 7 };
static const i64 NS = 1000000000;

/** As libc returns: -1 with errno, or the result. */
static long answer(long result) {
  if (result >= 0 || result < -4095) return result;
  if (__errno_location) *__errno_location() = (int)-result;
  return -1;
}

/* The clock file. All numbers little-endian; see clock-file.ts. */

static const u64 MAGIC = 0x314b434f4c42414c; /* "LABLOCK1" */

struct clock {
  u64 magic;
  u64 sequence;    /* odd while it is being written */
  i64 rawNs;       /* the machine's monotonic clock … */
  i64 monotonicNs; /* … when the lab's showed this */
  i64 speed;       /* lab time per real time, in thousandths */
  i64 sinceNs;     /* lab's monotonic time from which the time of day is counted … */
  i64 wallNs;      /* … when it was this */
  i64 rate;        /* by how much it goes on per lab time, in 1e-9: 1e9 right, 0 frozen */
};

static volatile const struct clock *page;

typedef int (*gettime)(int, struct span *);
static gettime vdso;

static int same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

/** clock_gettime of the code that the kernel maps into every process: a tenth of a system call's cost. */
static gettime findVdso(void) {
  if (!getauxval) return NULL_;
  const u8 *base = (const u8 *)getauxval(33 /* AT_SYSINFO_EHDR */);
  if (!base) return NULL_;
  const u8 *headers = base + *(const u64 *)(base + 32);
  u16 count = *(const u16 *)(base + 56), length = *(const u16 *)(base + 54);
  i64 shift = 0;
  const i64 *dynamic = NULL_;
  for (u16 i = 0; i < count; i++) {
    const u8 *header = headers + i * length;
    u32 type = *(const u32 *)header;
    if (type == 1 /* PT_LOAD */) shift = (i64)(base + *(const u64 *)(header + 8) - *(const u64 *)(header + 16));
    if (type == 2 /* PT_DYNAMIC */) dynamic = (const i64 *)(base + *(const u64 *)(header + 8));
  }
  const u8 *names = NULL_, *symbols = NULL_;
  for (; dynamic && dynamic[0]; dynamic += 2) {
    if (dynamic[0] == 5 /* DT_STRTAB */) names = (const u8 *)(shift + dynamic[1]);
    if (dynamic[0] == 6 /* DT_SYMTAB */) symbols = (const u8 *)(shift + dynamic[1]);
  }
  /* Nothing says how many symbols there are: not all kernels have DT_HASH there. All link the names right behind them. */
  if (!names || !symbols) return NULL_;
  for (const u8 *symbol = symbols; symbol + 24 <= names; symbol += 24) {
    if (*(const u16 *)(symbol + 6) && same((const char *)names + *(const u32 *)symbol, VDSO_CLOCK_GETTIME))
      return (gettime)(shift + *(const i64 *)(symbol + 8));
  }
  return NULL_;
}

__attribute__((constructor)) static void load(void) {
  vdso = findVdso();
  if (!&environ || !environ) return;
  for (char **each = environ; *each; each++) {
    const char *name = "LAB_CLOCK=", *at = *each;
    while (*name && *name == *at) name++, at++;
    if (*name) continue;
    long fd = sys(NR_openat, AT_FDCWD_, (long)at, 02000000 /* O_RDONLY | O_CLOEXEC */, 0, 0, 0);
    if (fd < 0) return;
    long mapped = sys(NR_mmap, 0, 4096, 1 /* PROT_READ */, 1 /* MAP_SHARED */, fd, 0);
    sys(NR_close, fd, 0, 0, 0, 0, 0);
    if (mapped < 0 && mapped > -4096) return;
    if (((const struct clock *)mapped)->magic == MAGIC) page = (const struct clock *)mapped;
    return;
  }
}

static struct clock settings(void) {
  struct clock copy;
  u64 before, after;
  do {
    before = __atomic_load_n(&page->sequence, __ATOMIC_ACQUIRE);
    copy = *(const struct clock *)page;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    after = __atomic_load_n(&page->sequence, __ATOMIC_RELAXED);
  } while (before != after || (before & 1));
  return copy;
}

/* Readings. */

static long rawTime(int id, struct span *to) {
  if (vdso) return vdso(id, to);
  return sys(NR_clock_gettime, id, (long)to, 0, 0, 0, 0);
}

static i64 rawNs(int id) {
  struct span now = {0, 0};
  rawTime(id, &now);
  return now.s * NS + now.ns;
}

/** In two parts, so that hours at a high speed do not overflow; a clock that is right is spared both. */
static i64 times(i64 ns, i64 by, i64 unit) { return by == unit ? ns : ns / unit * by + ns % unit * by / unit; }

static i64 monotonicNs(const struct clock *c) {
  return c->monotonicNs + times(rawNs(MONOTONIC) - c->rawNs, c->speed, 1000);
}

static i64 wallNs(const struct clock *c) { return c->wallNs + times(monotonicNs(c) - c->sinceNs, c->rate, NS); }

static int isWall(int id) { return id == REALTIME || id == REALTIME_COARSE; }
static int isMonotonic(int id) {
  return id == MONOTONIC || id == MONOTONIC_RAW || id == MONOTONIC_COARSE || id == BOOTTIME;
}

static struct span spanOf(i64 ns) {
  struct span span = {ns / NS, ns % NS};
  if (span.ns < 0) span.s--, span.ns += NS;
  return span;
}

OWN int clock_gettime(int id, struct span *to) {
  if (!page || !(isWall(id) || isMonotonic(id))) return (int)answer(rawTime(id, to));
  struct clock c = settings();
  *to = spanOf(isWall(id) ? wallNs(&c) : monotonicNs(&c));
  return 0;
}

OWN int gettimeofday(struct spanUs *to, void *zone) {
  (void)zone;
  struct span now;
  clock_gettime(REALTIME, &now);
  if (to) *to = (struct spanUs){now.s, now.ns / 1000};
  return 0;
}

OWN i64 time(i64 *to) {
  struct span now;
  clock_gettime(REALTIME, &now);
  if (to) *to = now.s;
  return now.s;
}

OWN int timespec_get(struct span *to, int base) { return base == 1 && clock_gettime(REALTIME, to) == 0 ? 1 : 0; }

/* Waiting. Lab time is divided by the speed, rounded up: a wait never ends before its time. */

static i64 realNs(i64 labNs) {
  if (!page || labNs <= 0) return labNs;
  i64 speed = settings().speed;
  return times(labNs, 1000, speed) + 1;
}
static i64 labNs(i64 realNs) { return page ? times(realNs, settings().speed, 1000) : realNs; }

static struct span scaled(const struct span *lab) { return spanOf(realNs(lab->s * NS + lab->ns)); }

/** How long it still is, in real time, until a moment of a lab clock. */
static i64 realUntilNs(int id, const struct span *moment) {
  struct span now;
  clock_gettime(id, &now);
  return realNs((moment->s - now.s) * NS + moment->ns - now.ns);
}

/** The same moment by the machine's own clock. */
static struct span realMoment(int id, const struct span *moment) {
  return page ? spanOf(rawNs(id) + realUntilNs(id, moment)) : *moment;
}

OWN int epoll_pwait(int fd, void *events, int most, int ms, const void *mask) {
  if (page && ms > 0) {
    struct span span = spanOf(realNs((i64)ms * 1000000));
    long result = sys(NR_epoll_pwait2, fd, (long)events, most, (long)&span, (long)mask, 8);
    if (result != -ENOSYS_) return (int)answer(result);
    ms = (int)((realNs((i64)ms * 1000000) + 999999) / 1000000);
  }
  return (int)answer(sys(NR_epoll_pwait, fd, (long)events, most, ms, (long)mask, 8));
}

OWN int epoll_wait(int fd, void *events, int most, int ms) { return epoll_pwait(fd, events, most, ms, NULL_); }

OWN int epoll_pwait2(int fd, void *events, int most, const struct span *timeout, const void *mask) {
  struct span span = timeout ? scaled(timeout) : (struct span){0, 0};
  return (int)answer(sys(NR_epoll_pwait2, fd, (long)events, most, timeout ? (long)&span : 0, (long)mask, 8));
}

OWN int ppoll(void *fds, u64 count, const struct span *timeout, const void *mask) {
  struct span span = timeout ? scaled(timeout) : (struct span){0, 0};
  return (int)answer(sys(NR_ppoll, (long)fds, (long)count, timeout ? (long)&span : 0, (long)mask, 8, 0));
}

OWN int poll(void *fds, u64 count, int ms) {
  struct span span = {ms / 1000, (i64)(ms % 1000) * 1000000};
  return ppoll(fds, count, ms < 0 ? NULL_ : &span, NULL_);
}

OWN int pselect(int count, void *in, void *out, void *bad, const struct span *timeout, const void *mask) {
  struct span span = timeout ? scaled(timeout) : (struct span){0, 0};
  const long set[2] = {(long)mask, 8};
  return (int)answer(
      sys(NR_pselect6, count, (long)in, (long)out, (long)bad, timeout ? (long)&span : 0, (long)set));
}

/** Linux writes what is left into the timeout; who relies on that gets it. */
OWN int select(int count, void *in, void *out, void *bad, struct spanUs *timeout) {
  if (!timeout) return pselect(count, in, out, bad, NULL_, NULL_);
  struct span span = {timeout->s, timeout->us * 1000};
  i64 until = rawNs(MONOTONIC) + realNs(span.s * NS + span.ns);
  int result = pselect(count, in, out, bad, &span, NULL_);
  i64 left = until - rawNs(MONOTONIC);
  span = spanOf(labNs(left > 0 ? left : 0));
  *timeout = (struct spanUs){span.s, span.ns / 1000};
  return result;
}

/** Returns an error's number, as POSIX has it, not -1. */
OWN int clock_nanosleep(int id, int flags, const struct span *wait, struct span *left) {
  if (!page || !(isWall(id) || isMonotonic(id)))
    return (int)-sys(NR_clock_nanosleep, id, flags, (long)wait, (long)left, 0, 0);
  if (wait->s < 0 || wait->ns < 0 || wait->ns >= NS) return EINVAL_;
  i64 ns = flags & 1 /* TIMER_ABSTIME */ ? realUntilNs(id, wait) : realNs(wait->s * NS + wait->ns);
  struct span span = spanOf(ns > 0 ? ns : 0), rest = {0, 0};
  long result = sys(NR_clock_nanosleep, MONOTONIC, 0, (long)&span, (long)&rest, 0, 0);
  if (result == -EINTR_ && left && !(flags & 1)) *left = spanOf(labNs(rest.s * NS + rest.ns));
  return (int)-result;
}

OWN int nanosleep(const struct span *wait, struct span *left) {
  return (int)answer(-clock_nanosleep(MONOTONIC, 0, wait, left));
}

OWN int usleep(u32 us) {
  struct span wait = {us / 1000000, (i64)(us % 1000000) * 1000};
  return nanosleep(&wait, NULL_);
}

OWN u32 sleep(u32 seconds) {
  struct span wait = {seconds, 0}, left = {0, 0};
  return nanosleep(&wait, &left) == 0 ? 0 : (u32)(left.s + (left.ns >= NS / 2));
}

/* Timers by signal: PostgreSQL's timeouts. */

static struct spanUs scaledUs(struct spanUs lab) {
  struct span span = spanOf(realNs(lab.s * NS + lab.us * 1000) + 999);
  if (lab.s == 0 && lab.us == 0) return lab;
  return (struct spanUs){span.s, span.ns / 1000};
}
static struct spanUs unscaledUs(struct spanUs real) {
  struct span span = spanOf(labNs(real.s * NS + real.us * 1000));
  return (struct spanUs){span.s, span.ns / 1000};
}

/** Only ITIMER_REAL counts time; the other two count the process's CPU. */
OWN int setitimer(int which, const struct timer *to, struct timer *old) {
  if (!page || which != 0 || !to) return (int)answer(sys(NR_setitimer, which, (long)to, (long)old, 0, 0, 0));
  struct timer real = {scaledUs(to->every), scaledUs(to->left)};
  long result = sys(NR_setitimer, which, (long)&real, (long)old, 0, 0, 0);
  if (result == 0 && old) *old = (struct timer){unscaledUs(old->every), unscaledUs(old->left)};
  return (int)answer(result);
}

OWN int getitimer(int which, struct timer *to) {
  long result = sys(NR_getitimer, which, (long)to, 0, 0, 0, 0);
  if (page && which == 0 && result == 0) *to = (struct timer){unscaledUs(to->every), unscaledUs(to->left)};
  return (int)answer(result);
}

OWN u32 alarm(u32 seconds) {
  struct timer to = {{0, 0}, {seconds, 0}}, old = {{0, 0}, {0, 0}};
  setitimer(0, &to, &old);
  return (u32)(old.left.s + (old.left.us > 0));
}

/* Waits of threads, which libc has to do: it knows its locks. It is asked for the real moment. */

#define RTLD_NEXT_ ((void *)-1l)

static void *libcs(const char *name) { return dlsym ? dlsym(RTLD_NEXT_, name) : NULL_; }

/** Which of its two clocks a moment is of, where the caller does not say: the time of day is decades further. */
static int clockOf(const struct span *moment) { return moment->s > 500000000 ? REALTIME : MONOTONIC; }

#define FORWARD(name, parameters, arguments)                     \
  OWN int name parameters {                                      \
    static int(*libc) parameters;                                \
    if (!libc) *(void **)&libc = libcs(#name);                   \
    if (!libc) return ENOSYS_;                                   \
    struct span real = realMoment(id, moment);                   \
    return libc arguments;                                       \
  }

FORWARD(pthread_cond_clockwait, (void *condition, void *lock, int id, const struct span *moment),
        (condition, lock, id, &real))
FORWARD(sem_clockwait, (void *semaphore, int id, const struct span *moment), (semaphore, id, &real))
FORWARD(pthread_mutex_clocklock, (void *lock, int id, const struct span *moment), (lock, id, &real))
#undef FORWARD

#define FORWARD(name, parameters, arguments)                     \
  OWN int name parameters {                                      \
    static int(*libc) parameters;                                \
    if (!libc) *(void **)&libc = libcs(#name);                   \
    if (!libc) return ENOSYS_;                                   \
    struct span real = realMoment(clockOf(moment), moment);      \
    return libc arguments;                                       \
  }
FORWARD(pthread_cond_timedwait, (void *condition, void *lock, const struct span *moment), (condition, lock, &real))
FORWARD(sem_timedwait, (void *semaphore, const struct span *moment), (semaphore, &real))
FORWARD(pthread_mutex_timedlock, (void *lock, const struct span *moment), (lock, &real))

/* Programs that bring their own locks call the kernel through this (V8 since Node 22 or so). */

enum { FUTEX_WAIT_ = 0, FUTEX_WAIT_BITSET_ = 9, FUTEX_COMMAND = 127, FUTEX_REALTIME = 256 };

OWN long syscall(long n, long a, long b, long c, long d, long e, long f) {
  if (page && n == NR_clock_gettime) return clock_gettime((int)a, (struct span *)b);
  if (page && n == NR_futex && d) {
    const struct span *timeout = (const struct span *)d;
    struct span real;
    switch (b & FUTEX_COMMAND) {
    case FUTEX_WAIT_: /* how long */
      real = scaled(timeout);
      return answer(sys(n, a, b, c, (long)&real, e, f));
    case FUTEX_WAIT_BITSET_: /* until when */
      real = realMoment(b & FUTEX_REALTIME ? REALTIME : MONOTONIC, timeout);
      return answer(sys(n, a, b, c, (long)&real, e, f));
    }
  }
  return answer(sys(n, a, b, c, d, e, f));
}
