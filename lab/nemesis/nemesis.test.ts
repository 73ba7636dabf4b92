import { describe, expect, it } from 'vitest';
import { sleep } from '../common/clock.ts';
import { prng } from '../common/prng.ts';
import { until } from '../common/until.ts';
import type { Fault, FaultSurface } from '../faults/fault.ts';
import { eventLog } from '../probes/event-log.ts';
import { runClock } from '../probes/run-clock.ts';
import { type Condition, event, promotion } from './condition.ts';
import { Nemesis } from './nemesis.ts';
import { randomly } from './random.ts';
import { at, type Schedule, schedule } from './schedule.ts';
import { scheduleText } from './schedule-text.ts';

// The twins below touch nothing, so no surface is needed.
const nothing = {} as FaultSurface;

interface Twin {
  /** Fails to be injected, to be proved, or to be healed. */
  fails?: 'inject' | 'proof' | 'heal';
}

/** A nemesis whose faults only write down what was done to them. */
function stage() {
  const [diary, events, clock]: [string[], ReturnType<typeof eventLog>, ReturnType<typeof runClock>] = [
    [],
    eventLog(),
    runClock(),
  ];
  const abort = new AbortController();
  const nemesis = new Nemesis(nothing, clock, events, abort.signal);
  const fault = (name: string, { fails }: Twin = {}): Fault => ({
    name,
    text: `do ${name}`,
    async inject() {
      if (fails === 'inject') throw new Error(`no ${name} today`);
      diary.push(`+${name}`);
      return {
        text: `did ${name}`,
        targets: ['redis-1'],
        proof: { proved: fails !== 'proof', text: 'looked at' },
        async heal() {
          diary.push(`-${name}`);
          if (fails === 'heal') throw new Error(`${name} is incurable`);
          return { proved: true, text: 'well again' };
        },
      };
    },
  });
  const tell = (kind: string) => events.record({ at: clock.now(), source: 'redis-2', kind, text: kind });
  const notes = () => events.all.filter((one) => one.kind === 'fault').map((one) => one.text);
  const timed = async (lines: Schedule) => {
    const startedAt = clock.now();
    await nemesis.run(lines);
    return clock.now() - startedAt;
  };
  return { diary, nemesis, fault, tell, notes, abort, timed };
}

const soon = { withinMs: 20_000 };

describe('a line', () => {
  it('injects at its time and heals after its time', async () => {
    const { diary, nemesis, fault, timed } = stage();
    const tookMs = await timed(schedule(at(40).inject(fault('a')).for(60)));
    expect(tookMs).toBeGreaterThanOrEqual(98);
    expect(diary).toEqual(['+a', '-a']);
    const [window] = nemesis.windows;
    expect(window).toMatchObject({ id: 'a-1', text: 'did a', targets: ['redis-1'], proof: 'looked at' });
    if (!window?.provedAt || !window.healedAt || !window.recoveredAt) throw new Error('times are missing');
    expect(window.injectedAt).toBeGreaterThanOrEqual(39);
    expect(window.provedAt).toBeGreaterThanOrEqual(window.injectedAt);
    expect(window.healedAt - window.provedAt).toBeGreaterThanOrEqual(59);
    expect(window.recoveredAt).toBeGreaterThanOrEqual(window.healedAt);
  });

  it('goes on with `then` while the fault stays in force', async () => {
    const { diary, nemesis, fault, timed } = stage();
    await timed(schedule(at(0).inject(fault('a')).then(10).inject(fault('b')).for(5)));
    expect(diary).toEqual(['+a', '+b', '-b']);
    expect(nemesis.inForce()).toEqual(['did a']);
    await nemesis.healAll();
    expect(diary).toEqual(['+a', '+b', '-b', '-a']);
    expect(nemesis.inForce()).toEqual([]);
  });

  it('heals with `until` as soon as the condition is seen, and goes on with `once` without healing', async () => {
    const one = stage();
    const running = one.timed(
      schedule(
        at(0).inject(one.fault('a')).once(event('b'), soon).inject(one.fault('c')).until(promotion, soon),
      ),
    );
    await sleep(20);
    expect(one.diary).toEqual(['+a']);
    one.tell('promotion');
    await sleep(10);
    expect(one.diary).toEqual(['+a']);
    one.tell('b');
    await until(() => one.diary.length > 1, { what: 'c', withinMs: 5000 });
    // The promotion came before c was injected, so it is not what c waits for.
    expect(one.diary).toEqual(['+a', '+c']);
    one.tell('promotion');
    expect(await running).toBeLessThan(15_000);
    expect(one.diary).toEqual(['+a', '+c', '-c']);
  });

  it('sees what happened while the fault was still being injected', async () => {
    const { diary, fault, tell, timed } = stage();
    const slow = fault('a');
    const inject = slow.inject.bind(slow);
    const telling: Fault = {
      ...slow,
      inject: (surface) => {
        tell('promotion');
        return inject(surface);
      },
    };
    expect(await timed(schedule(at(0).inject(telling).until(promotion, soon)))).toBeLessThan(15_000);
    expect(diary).toEqual(['+a', '-a']);
  });

  it('gives a condition up that never comes, heals all the same, and says so', async () => {
    const { diary, fault, notes, timed } = stage();
    await timed(schedule(at(0).inject(fault('a')).until(promotion, { withinMs: 30 })));
    expect(diary).toEqual(['+a', '-a']);
    expect(notes()).toContain('gave up after 30 ms waiting until a promotion is seen');
  });
});

describe('a schedule', () => {
  it('runs its lines side by side and heals the rest in reverse order', async () => {
    const { diary, nemesis, fault, timed } = stage();
    const tookMs = await timed(
      schedule(at(400).inject(fault('b')), at(100).inject(fault('a')), at(700).inject(fault('c'))),
    );
    // One after the other they would take 1200 ms.
    expect(tookMs).toBeLessThan(1150);
    expect(diary).toEqual(['+a', '+b', '+c']);
    await nemesis.healAll();
    expect(diary.slice(3)).toEqual(['-c', '-b', '-a']);
    await nemesis.healAll();
    expect(diary).toHaveLength(6);
  });

  it('ends with the first line that fails, and then nothing more is injected', async () => {
    const { diary, nemesis, fault, timed } = stage();
    const failing = schedule(at(10).inject(fault('a', { fails: 'inject' })), at(50).inject(fault('b')));
    await expect(timed(failing)).rejects.toThrow('no a today');
    await sleep(80);
    expect(diary).toEqual([]);
    expect(nemesis.windows).toMatchObject([{ provedAt: null, proof: 'not injected: no a today' }]);
  });

  it('stops when it is told to, wherever it is', async () => {
    for (const line of [at(5000), at(0).then(5000), at(0).once(promotion, { withinMs: 5000 })]) {
      const { abort, timed } = stage();
      const running = timed(schedule(line));
      setTimeout(() => abort.abort(new Error('enough')), 20);
      await expect(running).rejects.toThrow('enough');
    }
  });

  it('records a fault that was not proved, and a heal that failed, and heals the others', async () => {
    const { diary, nemesis, fault, notes, timed } = stage();
    await timed(
      schedule(
        at(0)
          .inject(fault('a', { fails: 'proof' }))
          .inject(fault('b', { fails: 'heal' })),
      ),
    );
    await nemesis.healAll();
    expect(diary).toEqual(['+a', '+b', '-b', '-a']);
    expect(nemesis.windows).toMatchObject([
      { name: 'a', provedAt: null, recoveredAt: expect.any(Number) },
      { name: 'b', provedAt: expect.any(Number), healedAt: expect.any(Number), recoveredAt: null },
    ]);
    expect(notes().join('\n')).toMatch(/NOT PROVED: did a \(looked at\)/);
    expect(notes().join('\n')).toMatch(/NOT HEALED: did b \(b is incurable\)/);
  });
});

it.each<[Condition, string, Record<string, string>, boolean]>([
  [promotion, 'promotion', {}, true],
  [promotion, 'replica-of', {}, false],
  [event('+tilt'), '+tilt', {}, true],
  [event('+tilt'), '-tilt', {}, false],
])('%j is recognised in %s: %s', (condition, kind, data, seen) => {
  expect(condition.seen({ at: 0, source: 'x', kind, text: '', data })).toBe(seen);
});

describe('randomly', () => {
  const { fault } = stage();
  const faults = ['a', 'b', 'c'].map((name) => fault(name));
  const drawn = (seed: number) =>
    scheduleText(randomly(prng(seed), { faults, count: 20, gapMs: [100, 200], lastsMs: [10, 500] })).join();

  it('draws the same schedule from the same seed, and another from another', () => {
    expect(drawn(1)).toBe(drawn(1));
    expect(drawn(1)).not.toBe(drawn(2));
  });

  it('keeps to its bounds and uses every fault', () => {
    const [line] = randomly(prng(3), { faults, count: 60, gapMs: [100, 200], lastsMs: [10, 500] }).lines;
    const steps = line?.steps.slice(1) ?? [];
    expect(steps).toHaveLength(60 * 4);
    const waits = steps.map((step) => (step.do === 'wait' ? step.ms : null));
    const gaps = waits.filter((_, i) => i % 4 === 0);
    const lasts = waits.filter((_, i) => i % 4 === 2);
    for (const ms of gaps) expect(ms).toSatisfy((n: number) => n >= 100 && n <= 200);
    for (const ms of lasts) expect(ms).toSatisfy((n: number) => n >= 10 && n <= 500);
    const used = new Set(steps.map((step) => (step.do === 'inject' ? step.fault.name : '')));
    expect(used).toEqual(new Set(['', 'a', 'b', 'c']));
  });
});
