import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../lab/run/events.ts';
import { splitBrainSample } from '../data/sample.ts';
import { multiplexer } from './multiplexer.ts';
import type { Reporter } from './reporter.ts';

const start = (scenario: string): RunEvent => ({
  type: 'run-started',
  scenario,
  title: '',
  claim: '',
  variant: 'hardened',
  timing: 'fast',
  speed: 1,
  seed: 1,
  dir: '',
  phases: [],
});
const phase: RunEvent = { type: 'phase', name: 'disturb', at: 5 };

function listener(heard: string[]): Reporter {
  return {
    name: 'listener',
    onRunStarted: (run) => void heard.push(`start ${run.scenario}`),
    onPhase: (run, { name }) => void heard.push(`${run.scenario} ${name}`),
    onEnd: () => void heard.push('end'),
  };
}

describe('multiplexer', () => {
  it('tells each reporter what happens, and in which run', async () => {
    const heard: string[] = [];
    const fanOut = multiplexer([listener(heard), { name: 'deaf' }]);
    const [a, b] = [fanOut.forRun(), fanOut.forRun()];
    a(start('a'));
    b(start('b'));
    a(phase);
    b(phase);
    expect(await fanOut.end()).toEqual([]);
    expect(heard).toEqual(['start a', 'start b', 'a disturb', 'b disturb', 'end']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('goes on when one %s, leaves it out, and says so at the end', async (_, break_) => {
    const heard: string[] = [];
    const said: string[] = [];
    const calls: string[] = [];
    const broken: Reporter = {
      name: 'broken',
      onRunStarted: () => {
        calls.push('start');
        return break_();
      },
      onPhase: () => void calls.push('phase'),
      onEnd: () => void calls.push('end'),
    };
    const fanOut = multiplexer([broken, listener(heard)], (line) => void said.push(line));
    const send = fanOut.forRun();
    send(start('a'));
    send(phase);
    const failures = await fanOut.end();
    expect(heard).toEqual(['start a', 'a disturb', 'end']);
    expect(calls).toEqual(['start']);
    expect(failures.map((each) => each.reporter)).toEqual(['broken']);
    expect(said).toEqual([
      'The reporter "broken" failed, what it should have told or written is missing: disk full',
    ]);
  });

  it('says so too when one breaks at the very end', async () => {
    const said: string[] = [];
    const late: Reporter = { name: 'late', onEnd: () => Promise.reject(new Error('no room')) };
    await multiplexer([late], (line) => void said.push(line)).end();
    expect(said.join()).toContain('"late" failed');
  });

  it('keeps the order for an asynchronous reporter and waits for it', async () => {
    const heard: string[] = [];
    const slow: Reporter = {
      name: 'slow',
      onRunStarted: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        heard.push('start');
      },
      onPhase: () => void heard.push('phase'),
      onEnd: () => void heard.push('end'),
    };
    const fanOut = multiplexer([slow]);
    const send = fanOut.forRun();
    send(start('a'));
    send(phase);
    await fanOut.end();
    expect(heard).toEqual(['start', 'phase', 'end']);
  });

  it('knows who a run was that ended before it could say that it had started', async () => {
    const heard: string[] = [];
    const fanOut = multiplexer([
      { name: 'x', onRunEnded: (run) => void heard.push(`${run.scenario} ${run.seed}`) },
    ]);
    fanOut.forRun()({ type: 'run-ended', dir: 'd', record: splitBrainSample() });
    await fanOut.end();
    expect(heard).toEqual(['split-brain 20251']);
  });
});
