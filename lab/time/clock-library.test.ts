import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClockSettings, clockBytes, clockFromNow, readClock, setClock } from './clock-file.ts';
import { clockLibrary } from './clock-library.ts';

let dir: string;
let library: string;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'failover-lab-clock-'));
  library = await clockLibrary({ cache: dir });
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A new clock's file. */
function clock(settings: ClockSettings): string {
  const file = path.join(dir, `clock-${Math.random()}`);
  writeFileSync(file, clockBytes(settings));
  return file;
}

const on = (file: string) => ({ ...process.env, LD_PRELOAD: library, LAB_CLOCK: file });

/** What a program prints on a clock, and how long it really took. */
function run(file: string, program: string, ...args: string[]): { text: string; realMs: number } {
  const before = performance.now();
  const text = execFileSync(program, args, { env: on(file), encoding: 'utf8' }).trim();
  return { text, realMs: performance.now() - before };
}

/** What a script prints in Node on a clock. */
const node = (file: string, script: string) => run(file, process.execPath, '-e', script);

describe('a process on a clock that is a hundred times as fast', () => {
  // A lab second is 10 ms, so what a wait lasts in lab time shows its own length, and in real time hardly anything.
  const hundred = () => clock(clockFromNow(100));

  it.each([
    ['a timer (epoll)', 'setTimeout(() => console.log(process.hrtime(t)[0]), 60_000)'],
    [
      'a thread that waits (futex)',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000); console.log(process.hrtime(t)[0])',
    ],
  ])('waits a minute in 0.6 s: %s', (_, script) => {
    const { text, realMs } = node(hundred(), `const t = process.hrtime(); ${script}`);
    expect(Number(text)).toBeGreaterThanOrEqual(60);
    expect(realMs).toBeGreaterThanOrEqual(600);
    // Without the clock it would be a minute; in between there is room for a machine that is busy.
    expect(realMs).toBeLessThan(30_000);
  });

  it.each([
    ['sleep (clock_nanosleep)', ['sleep', '60']],
    ['a timeout by signal (setitimer)', ['perl', '-e', 'alarm 60; select(undef, undef, undef, 36000)']],
  ])('waits a minute in 0.6 s: %s', (_, [program = '', ...args]) => {
    const before = performance.now();
    spawnSync(program, args, { env: on(hundred()) });
    const realMs = performance.now() - before;
    expect(realMs).toBeGreaterThanOrEqual(600);
    expect(realMs).toBeLessThan(30_000);
  });

  it('has the time of day and the monotonic clock go on alike', () => {
    const { text } = node(
      hundred(),
      'const [w, m] = [Date.now(), performance.now()]; setTimeout(() => console.log((Date.now() - w) / (performance.now() - m)), 20_000)',
    );
    // If only one of them were a hundred times as fast, it would be 0.01 or 100.
    expect(Number(text)).toBeCloseTo(1, 0);
  });

  it('counts the same lab time as another process', () => {
    const file = hundred();
    const first = BigInt(node(file, 'console.log(String(process.hrtime.bigint()))').text);
    const second = BigInt(node(file, 'console.log(String(process.hrtime.bigint()))').text);
    const { rawNs, monotonicNs } = readClock(file);
    const now = monotonicNs + (process.hrtime.bigint() - rawNs) * 100n;
    expect([first, second, now]).toEqual([first, second, now].sort((a, b) => (a < b ? -1 : 1)));
    expect(first).toBeGreaterThan(monotonicNs);
  });
});

describe('a time of day that lies', () => {
  const HOUR_NS = 3_600_000_000_000n;
  const wallOf = (file: string) => Number(run(file, 'date', '+%s').text);
  /** Within the time that starting a process takes. */
  const near = (seconds: number) => [expect.any(Number), Math.abs(seconds) < 20] as const;
  const off = (file: string, byS: number) => near(wallOf(file) - (Date.now() / 1000 + byS))[1];

  it('is the machine’s at first', () => {
    expect(off(clock(clockFromNow(1)), 0)).toBe(true);
  });

  it.each([
    ['forward', HOUR_NS, 3600],
    ['back', -HOUR_NS, -3600],
  ])('steps %s', (_, byNs, byS) => {
    const start = clockFromNow(1);
    const file = clock(start);
    setClock(file, { ...start, wallNs: start.wallNs + byNs });
    expect(off(file, byS)).toBe(true);
  });

  it('stands still', () => {
    const start = clockFromNow(1);
    const file = clock({ ...start, rate: 0n, wallNs: 1_000_000_000_000_000_000n });
    const script = 'const t = Date.now(); setTimeout(() => console.log(t, Date.now()), 100)';
    expect(node(file, script).text).toBe('1000000000000 1000000000000');
  });

  it('drifts, and the monotonic clock does not', () => {
    const file = clock({ ...clockFromNow(1), rate: 3_000_000_000n });
    const script =
      'const [w, m] = [Date.now(), performance.now()]; setTimeout(() => console.log(Math.round((Date.now() - w) / (performance.now() - m))), 300)';
    expect(node(file, script).text).toBe('3');
  });

  it('is set while a process runs', async () => {
    const start = clockFromNow(1);
    const file = clock(start);
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => console.log(Date.now()), 20)'], {
      env: on(file),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      for await (const chunk of child.stdout) {
        const shown = Number(String(chunk).trim().split('\n').at(-1));
        if (shown > Date.now() + 3_000_000) break;
        setClock(file, { ...start, wallNs: start.wallNs + HOUR_NS });
      }
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a process that is ended when it asks the kernel for the time', () => {
  /** By a filter of seccomp's: load the call's number; if it is clock_gettime's, end the process; allow all others. */
  const script = `
    my ($prctl, $gettime) = '${process.arch}' eq 'x64' ? (157, 228) : (167, 113);
    my $filter = join '', map { pack('SCCL', @$_) } ([0x20, 0, 0, 0], [0x15, 0, 1, $gettime], [0x06, 0, 0, 0x80000000], [0x06, 0, 0, 0x7fff0000]);
    my $program = pack('Sx6P', 4, $filter);
    syscall($prctl, 38, 1, 0, 0, 0) == 0 && syscall($prctl, 22, 2, $program, 0, 0) == 0 or die "no seccomp: $!";
    print time() > 0;`;
  const ends = (env: NodeJS.ProcessEnv) => {
    const { stdout, stderr, signal } = spawnSync('perl', ['-e', script], { env, encoding: 'utf8' });
    return { stdout, stderr, signal };
  };

  it('is told it by the library as by libc: through the vDSO', () => {
    const plain = ends(process.env);
    // Where the vDSO cannot read the machine's clock source, libc has to ask the kernel too.
    if (plain.signal === null) expect(plain).toEqual({ stdout: '1', stderr: '', signal: null });
    expect(ends(on(clock(clockFromNow(10))))).toEqual(plain);
  });
});

describe('a process without a clock', () => {
  it.each([
    ['no file', '/nonexistent/clock'],
    ['another file', process.execPath],
  ])('is on the machine’s: %s', (_, file) => {
    const before = Date.now();
    const shown = Number(node(file, 'console.log(Date.now())').text);
    expect(shown).toBeGreaterThanOrEqual(before);
    expect(shown).toBeLessThanOrEqual(Date.now());
  });
});

describe('without a compiler', () => {
  it('says what to do', async () => {
    const cache = mkdtempSync(path.join(dir, 'empty-'));
    const environment = { PATH: cache };
    await expect(clockLibrary({ cache, environment })).rejects.toThrow(
      'expected a C compiler to build the lab clock with, got none of: cc, gcc, clang',
    );
  });

  it('that works, says what it said', async () => {
    const cache = mkdtempSync(path.join(dir, 'empty-'));
    await expect(clockLibrary({ cache, environment: { ...process.env, CC: 'false' } })).rejects.toThrow(
      'false could not build',
    );
  });

  it('on a processor that nobody wrote it for, says so', async () => {
    const cache = mkdtempSync(path.join(dir, 'empty-'));
    await expect(clockLibrary({ cache, arch: 'ppc64' })).rejects.toThrow(
      'expected Linux on x64 or arm64 for a lab clock of its own speed, got linux on ppc64',
    );
  });
});

it('a file that is no clock is refused', () => {
  const file = path.join(dir, 'text');
  writeFileSync(file, 'no clock');
  expect(() => readClock(file)).toThrow(`expected a lab clock in ${file}, got 8 other bytes`);
});
