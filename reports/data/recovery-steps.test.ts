import { describe, expect, it } from 'vitest';
import type { ProcessRecord } from '../../lab/run/record.ts';
import { TIMINGS } from '../../lab/topology/timing.ts';
import { recoveryBounds, sentinelPeriods } from './recovery-bounds.ts';
import { recoverySteps, recoverySum } from './recovery-steps.ts';

const process = (kind: ProcessRecord['kind'], configuration: string): ProcessRecord => ({
  name: kind,
  kind,
  host: 'h',
  address: '',
  configuration,
  log: '',
});
const sentinels = recoveryBounds({
  timing: 'production',
  processes: [
    process('redis', 'port 6379'),
    process(
      'sentinel',
      'sentinel down-after-milliseconds lab 30000\nsentinel failover-timeout lab 180000\nsentinel down-after-milliseconds lab 5000',
    ),
  ],
});
const cluster = recoveryBounds({
  timing: 'fast',
  processes: [process('redis', 'cluster-node-timeout 15000')],
});
const steps = (figures: Record<string, number | null>, bounds = sentinels) =>
  recoverySteps({ figures }, bounds);
const failover = {
  sdownMs: 5200,
  odownMs: 5900,
  tryFailoverMs: 5900,
  voteMs: 5900,
  electedMs: 6100,
  promotionMs: 6300,
  switchMs: 7000,
  firstClientMs: 6400,
  lastClientMs: 9000,
  failovers: 1,
};

describe('recoveryBounds', () => {
  it('reads the settings, of several lines the last', () => {
    expect(sentinels.sdownMs).toMatchObject({ leastMs: 4000, mostMs: 6100 });
    expect(sentinels.tryFailoverMs?.because).toContain('360000 ms');
    expect(cluster.pfailMs).toMatchObject({ after: null, leastMs: 15_000 });
    expect(cluster.electionMs).toMatchObject({ after: 'failMs', leastMs: 500 });
  });

  it('knows Sentinel’s periods as the lab sets them', () => {
    for (const timing of ['fast', 'production'] as const) {
      const { 'ping-period': pingMs, 'ask-period': askMs } = TIMINGS[timing].sentinelPeriods;
      expect(sentinelPeriods[timing]).toEqual({ pingMs, askMs });
    }
  });

  it('says nothing of a run without Sentinels and without a cluster', () => {
    expect(recoveryBounds({ timing: 'fast', processes: [process('redis', 'port 6379')] })).toEqual({});
  });
});

describe('recoverySteps', () => {
  it('orders them by time, and counts each from what it followed', () => {
    const all = steps(failover);
    expect(all.map(({ name }) => name).slice(-3)).toEqual(['firstClientMs', 'switchMs', 'lastClientMs']);
    expect(all.find(({ name }) => name === 'switchMs')).toMatchObject({
      fromMs: 6300,
      excessMs: 0,
      isEarly: false,
    });
  });

  it('tells what no setting explains, and what came too soon for this fault', () => {
    const find = (figures: Record<string, number>, name: string) =>
      steps({ ...failover, ...figures }).find((step) => step.name === name);
    expect(find({ switchMs: 9300 }, 'switchMs')?.excessMs).toBe(3000 - 1200);
    expect(find({ sdownMs: 3000 }, 'sdownMs')).toMatchObject({ isEarly: true, excessMs: 0 });
    expect(find({ lastClientMs: 99_000 }, 'lastClientMs')?.excessMs).toBe(0);
  });

  it('keeps steps that never came, at the end', () => {
    expect(steps({ sdownMs: null, firstClientMs: 400 }).at(-1)).toMatchObject({
      name: 'sdownMs',
      atMs: null,
    });
  });

  it('has no bounds for a failover that somebody ordered', () => {
    const ordered = steps({
      sdownMs: null,
      odownMs: null,
      tryFailoverMs: 0,
      electedMs: 29,
      promotionMs: 148,
    });
    expect(ordered.filter(({ bound, atMs }) => bound !== null && atMs !== null)).toEqual([]);
    expect(recoverySum(ordered)).toBeNull();
  });
});

describe('recoverySum', () => {
  it('adds up the chain from the fault to the announcement', () => {
    const sum = recoverySum(steps(failover));
    expect(sum).toMatchObject({
      until: 'switchMs',
      tookMs: 7000,
      excessMs: 0,
      leastMs: 4000 + 52 + 104 + 52,
    });
    expect(sum?.mostMs).toBeGreaterThan(7000);
  });

  it('of a cluster: until every slot is served again', () => {
    const figures = {
      pfailMs: 15_100,
      failMs: 15_400,
      electionMs: 16_100,
      promotionMs: 16_101,
      coverageMs: 16_200,
    };
    expect(recoverySum(steps(figures, cluster))).toMatchObject({ until: 'coverageMs', leastMs: 15_500 });
  });
});
