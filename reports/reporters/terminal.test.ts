import { describe, expect, it } from 'vitest';
import type { Progress, RunEvent } from '../../lab/run/events.ts';
import { labFailedSample, splitBrainSample } from '../data/sample.ts';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts';
import { multiplexer } from './multiplexer.ts';
import { terminalReporter } from './terminal.ts';

const started = (variant: 'vulnerable' | 'hardened' = 'vulnerable'): RunEvent => ({
  type: 'run-started',
  scenario: 'split-brain',
  title: 'Split brain',
  claim: 'Writes vanish.',
  variant,
  timing: 'fast',
  speed: 1,
  seed: 7,
  dir: 'runs/1',
  phases: ['provision', 'warm up', 'disturb'],
});
const progress = (more: Partial<Progress> = {}): RunEvent => ({
  type: 'progress',
  progress: {
    at: 4231,
    phase: 'disturb',
    faults: ['isolate redis-1 (primary) from everybody by Toxiproxy'],
    opsPerSecond: 1312.4,
    ok: 4000,
    fail: 0,
    info: 3,
    lost: 120,
    ...more,
  },
});
const ended = (record = splitBrainSample()): RunEvent => ({ type: 'run-ended', dir: 'runs/1', record });

/** Plays events to a terminal reporter; each list is one run's, all at the same time. */
function play(
  terminal: FakeTerminal | { isTTY: false; write(text: string): void },
  env: Record<string, string> = {},
) {
  const fanOut = multiplexer([
    terminalReporter({ stream: terminal, env, reportPath: () => 'runs/index.html' }),
  ]);
  return { run: fanOut.forRun, end: fanOut.end };
}

function plain() {
  let text = '';
  return {
    isTTY: false as const,
    write: (more: string) => {
      text += more;
    },
    lines: () => text.split('\n'),
  };
}

describe('a run on a clock of its own', () => {
  it('says before, in its result and in the table what is lab time and what is real', async () => {
    const stream = plain();
    const { run, end } = play(stream);
    const send = run();
    send({ ...started(), speed: 10 } as RunEvent);
    send(ended({ ...splitBrainSample(), durationMs: 13_400, speed: 10, realDurationMs: 1340 }));
    await end();
    const lines = stream.lines();
    expect(lines[0]).toContain('(fast timing, speed 10, all times in lab time, seed 7)');
    expect(lines[1]).toContain('13.4 s of lab time, really 1.34 s (speed 10)');
    const [head, row] = lines.slice(lines.findIndex((line) => line.includes('real duration')));
    expect(head).toBe('scenario     variant     real duration  outcome');
    expect(row).toBe('split-brain  vulnerable         1.34 s  ✓ as expected');
  });
});

describe('in a terminal', () => {
  it('shows phase, speed, losses and the fault in force, redrawn in place', () => {
    const terminal = fakeTerminal();
    const send = play(terminal).run();
    send(started());
    for (let at = 0; at < 10; at++) send(progress({ at: 4000 + at }));
    expect(terminal.screen()).toEqual([
      'split-brain vulnerable: Split brain (fast timing, seed 7)',
      '▸ split-brain vulnerable  disturb  4.01 s  1 312 ops/s  lost 120  unknown 3',

      '    fault: isolate redis-1 (primary) from everybody by Toxiproxy',
    ]);
  });

  it('does not claim a number of losses while nobody can know', () => {
    const terminal = fakeTerminal();
    const send = play(terminal).run();
    send(started());
    send(progress({ lost: null, faults: [] }));
    expect(terminal.screen().join()).not.toContain('lost');
  });

  it('cuts lines in a narrow window with an ellipsis, so that redrawing stays in place', () => {
    const terminal = fakeTerminal(30);
    const send = play(terminal).run();
    send({ ...started(), title: 'T' } as RunEvent);
    for (let i = 0; i < 5; i++) send(progress());
    const live = terminal.screen().slice(-2);
    expect(live).toEqual(['▸ split-brain vulnerable  di…', '    fault: isolate redis-1 (…']);
    expect(terminal.screen().filter((line) => line.startsWith('▸'))).toHaveLength(1);
  });

  it('stays in place when a text holds line breaks and control sequences', () => {
    const terminal = fakeTerminal();
    const send = play(terminal).run();
    send(started());
    for (let i = 0; i < 3; i++) send(progress({ faults: ['a\nb\u001b[9Ac\r'] }));
    expect(terminal.screen().slice(-1)).toEqual(['    fault: a b [9Ac']);
    expect(terminal.screen()).toHaveLength(3);
  });

  it('shows parallel runs together, and puts the result of one above the other that goes on', () => {
    const terminal = fakeTerminal(200);
    const { run } = play(terminal);
    const [one, two] = [run(), run()];
    one(started());
    two(started('hardened'));
    one(progress({ faults: [] }));
    two(progress({ faults: [], phase: 'warm up' }));
    expect(
      terminal
        .screen()
        .slice(-2)
        .map((line) => line.slice(0, 36)),
    ).toEqual(['▸ split-brain vulnerable  disturb  4', '▸ split-brain hardened  warm up  4.2']);
    one(ended());
    const screen = terminal.screen();
    expect(screen.at(-1)).toMatch(/^▸ split-brain hardened {2}warm up/);
    expect(screen.filter((line) => line.startsWith('▸'))).toHaveLength(1);
    expect(screen.join('\n')).toContain('✓ as expected  split-brain vulnerable  13.4 s');
  });

  it('counts what does not fit on the screen', () => {
    const terminal = fakeTerminal(80);
    const send = play(Object.assign(terminal, { rows: 6 })).run();
    send(started());
    send(progress({ faults: Array.from({ length: 20 }, (_, i) => `fault ${i}`) }));
    expect(terminal.screen().at(-1)).toBe('… and 18 more lines');
  });

  it('leaves no live line behind, and ends with a table and the report', async () => {
    const terminal = fakeTerminal(120);
    const { run, end } = play(terminal);
    const send = run();
    send(started());
    send(progress());
    send(ended());
    await end();
    expect(terminal.screen().filter((line) => line.startsWith('▸') || line.includes('fault: '))).toEqual([]);
    expect(terminal.screen().slice(-4)).toEqual([
      'scenario     variant     duration  outcome',
      'split-brain  vulnerable    13.4 s  ✓ as expected',
      '1 run: 1 as expected',
      'report: runs/index.html',
    ]);
  });

  it('paints, unless NO_COLOR is set', () => {
    const [coloured, bare] = [fakeTerminal(), fakeTerminal()];
    for (const [terminal, env] of [
      [coloured, {}],
      [bare, { NO_COLOR: '1' }],
    ] as const) {
      const send = play(terminal, env).run();
      send(started());
      send(ended());
    }
    expect(coloured.raw()).toContain('\u001b[32m✓ as expected\u001b[0m');
    for (const code of [1, 2, 32, 36]) expect(bare.raw()).not.toContain(`\u001b[${code}m`);
    expect(bare.screen()).toEqual(coloured.screen());
  });

  it.each([{ CI: 'true' }, { TERM: 'dumb' }])('writes plain lines with %o', (env) => {
    const terminal = fakeTerminal();
    const send = play(terminal, env).run();
    send(started());
    send(progress());
    expect(terminal.raw()).not.toContain('\u001b[J');
  });
});

describe('elsewhere', () => {
  it('writes a line for each thing that happens, and no control sequence', async () => {
    const stream = plain();
    const { run, end } = play(stream);
    const send = run();
    send(started());
    send({ type: 'phase', name: 'disturb', at: 742 });
    send(progress({ at: 1000 }));
    send(progress({ at: 1200 }));
    send(progress({ at: 6000, faults: [] }));
    send(ended());
    await end();
    expect(stream.lines().slice(0, 5)).toEqual([
      'split-brain vulnerable: Split brain (fast timing, seed 7)',
      '[split-brain vulnerable] 0.742 s  phase: disturb',
      '[split-brain vulnerable]  1.00 s  fault in force: isolate redis-1 (primary) from everybody by Toxiproxy',
      '[split-brain vulnerable]  6.00 s  fault over: isolate redis-1 (primary) from everybody by Toxiproxy',
      '[split-brain vulnerable]  6.00 s  disturb, 1 312 ops/s, lost 120, unknown 3',
    ]);
    expect(stream.lines().join('\n')).not.toContain('\u001b');
    expect(stream.lines()).toContain('report: runs/index.html');
  });
});

describe('the result of a run', () => {
  const resultOf = (record: ReturnType<typeof splitBrainSample>) => {
    const stream = plain();
    const send = play(stream).run();
    send(started());
    send(ended(record));
    return stream.lines().join('\n');
  };

  it('has the claim and each check with verdict and summary; nothing to run again when all is well', () => {
    const text = resultOf(splitBrainSample());
    expect(text).toContain('claim: A client that stays connected');
    expect(text).toContain('  set           invalid  400 of 2841 acknowledged writes are lost');
    expect(text).toContain('  availability  valid    the longest outage');
    expect(text).not.toContain('run it again');
  });

  it('says what was expected and what was found, the seed, and the commands, when a claim did not come out', () => {
    const sample = splitBrainSample();
    const expectations = sample.expectations.map((each, i) =>
      i === 0 ? { ...each, met: 'no' as const, found: 'lost is 3' } : each,
    );
    const text = resultOf({
      ...sample,
      outcome: 'unexpected',
      reason: 'too few writes were lost',
      expectations,
    });
    expect(text).toContain('✗ NOT AS EXPECTED  split-brain vulnerable');
    expect(text).toContain('why: too few writes were lost');
    expect(text).toContain('✗ expected set: invalid, lost ≥ 100; found: lost is 3');
    expect(text).toContain('because six seconds of writes');
    expect(text.match(/✗ expected/g)).toHaveLength(1);
    expect(text).toContain('seed: 20251');
    expect(text).toContain('run it again:   npx lab replay');
    expect(text).toContain('judge it again: npx lab check');
  });

  it('shows the details of a failure a line each, and no expectation that nobody could decide', () => {
    const sample = splitBrainSample();
    const expectations = sample.expectations.map((each) => ({ ...each, met: 'undecided' as const }));
    const reason = 'redis-server ended\nBad directive\u001b[2J';
    const text = resultOf({ ...sample, outcome: 'lab-failed', reason, expectations });
    expect(text).toContain('  why: redis-server ended\n       Bad directive [2J\n');
    expect(text).not.toContain('undecided');
  });

  it('tells a failure of the lab from one of the claim', () => {
    const text = resultOf(labFailedSample());
    expect(text).toContain('! the lab failed');
    expect(text).toContain('toxiproxy-server on host b ended with code 1');
    expect(text).not.toContain('NOT AS EXPECTED');
  });
});
