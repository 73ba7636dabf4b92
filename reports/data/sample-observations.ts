import type { FaultWindow, LabEvent, NodeSample, RoleSpan } from '../../lab/history/observations.ts';
import type { GroupSeries, Series } from '../../lab/history/series.ts';
import type { SeriesDetail } from '../../lab/history/series-detail.ts';
import type { RunRecord, VariantName } from '../../lab/run/record.ts';

/** The moments of the sample runs, in ms since the run's start. */
export const moments = {
  ready: 742,
  load: 1240,
  cut: 3200,
  proved: 3219,
  sdown: 4231,
  promoted: 4790,
  healed: 9200,
  recovered: 9236,
  demoted: 9410,
  end: 13_400,
} as const;

const m = moments;

export const sampleFault: FaultWindow = {
  id: 'isolate-1',
  name: 'isolate',
  text: 'isolate redis-1 (primary) with the client beside it from everybody else by Toxiproxy',
  targets: ['redis-1'],
  injectedAt: m.cut,
  provedAt: m.proved,
  healedAt: m.healed,
  recoveredAt: m.recovered,
  proof: '10 of 10 links dead: no answer to PING within 15 ms',
};

const roles: RoleSpan[] = [
  { node: 'redis-1', role: 'primary', from: 610, to: m.demoted },
  { node: 'redis-1', role: 'loading', from: m.demoted, to: 9700 },
  { node: 'redis-1', role: 'replica', from: 9700, to: m.end },
  { node: 'redis-2', role: 'replica', from: 650, to: m.promoted },
  { node: 'redis-2', role: 'primary', from: m.promoted, to: m.end },
  { node: 'redis-3', role: 'replica', from: 655, to: 7000 },
  { node: 'redis-3', role: 'paused', from: 7000, to: 7900 },
  { node: 'redis-3', role: 'replica', from: 7900, to: m.end },
];

const events: LabEvent[] = [
  { at: m.cut, source: 'lab', kind: 'fault', text: 'isolate redis-1 (primary)' },
  {
    at: m.sdown,
    source: 'sentinel-2',
    kind: '+sdown',
    text: '+sdown master lab redis-1 6379',
    data: { instance: 'master', node: 'redis-1' },
  },
  {
    at: m.sdown + 18,
    source: 'sentinel-3',
    kind: '+sdown',
    text: '+sdown master lab redis-1 6379',
    data: { instance: 'master', node: 'redis-1' },
  },
  {
    at: m.sdown + 30,
    source: 'sentinel-2',
    kind: '+sdown',
    text: '+sdown sentinel 0badc0de redis-1 26379',
    data: { instance: 'sentinel', node: 'sentinel-1' },
  },
  { at: m.sdown + 60, source: 'sentinel-2', kind: '+odown', text: 'master lab redis-1 #quorum 2/2' },
  { at: m.sdown + 64, source: 'sentinel-2', kind: '+try-failover', text: 'master lab redis-1' },
  { at: m.sdown + 150, source: 'sentinel-2', kind: '+elected-leader', text: 'master lab redis-1' },
  {
    at: m.promoted,
    source: 'sentinel-2',
    kind: '+promoted-slave',
    text: 'slave redis-2',
    data: { instance: 'slave', node: 'redis-2' },
  },
  {
    at: m.promoted + 410,
    source: 'sentinel-2',
    kind: '+switch-master',
    text: 'lab redis-1 redis-2',
    data: { node: 'redis-1', newPrimary: 'redis-2' },
  },
  {
    at: m.demoted,
    source: 'sentinel-2',
    kind: '+convert-to-slave',
    text: 'slave redis-1',
    data: { instance: 'slave', node: 'redis-1' },
  },
];

/** What the probes saw: a split brain in the vulnerable variant, a minority that refuses writes in the hardened one. */
export function sampleObservations(): RunRecord['seen'] {
  const at = (from: number) => Array.from({ length: 60 }, (_, i) => from + i * 200).filter((t) => t < m.end);
  const sample = (node: string, t: number): NodeSample => {
    const primary = roles.some((r) => r.node === node && r.role === 'primary' && r.from <= t && t < r.to);
    return {
      at: t,
      node,
      role: primary ? 'primary' : 'replica',
      offset: Math.round(t * 42),
      ackedOffset: primary
        ? Math.round((t - (t > m.cut && t < m.healed ? Math.min(t - m.cut, 3000) : 40)) * 42)
        : null,
      replicas: primary ? 2 : 0,
      linkUp: primary ? null : true,
      primary: primary ? null : 'redis-2',
      info: { connected_clients: 7 },
    };
  };
  return {
    durationMs: m.end,
    nodes: ['redis-1', 'redis-2', 'redis-3'],
    roles,
    events,
    faults: [sampleFault],
    samples: ['redis-1', 'redis-2', 'redis-3'].flatMap((node) => at(1200).map((t) => sample(node, t))),
    loadWindow: { from: m.load, to: 11_800 },
  };
}

/** Throughput in buckets of 100 ms for the client beside the primary and the two others. */
export function sampleSeries(variant: VariantName): Series {
  const buckets = Array.from({ length: Math.ceil(m.end / 100) }, (_, i) => i * 100);
  const group = (name: string, rate: number, isDown: (t: number) => boolean): GroupSeries => {
    const busy = (t: number) => t >= m.load && t < 11_800;
    const ok = buckets.map((t, i) => (busy(t) && !isDown(t) ? Math.round(rate + 2 * Math.sin(i)) : 0));
    const latency = (base: number) =>
      buckets.map((_, i) => (ok[i] ? base * (1.2 + Math.sin(i * 1.7) / 3) : null));
    return {
      group: name,
      ok,
      fail: buckets.map((t) => (busy(t) && isDown(t) ? Math.round(rate / 2) : 0)),
      info: buckets.map((t, i) => (busy(t) && isDown(t) && i % 9 === 0 ? 2 : 0)),
      p50: latency(0.6),
      p99: latency(2.4),
      max: latency(6),
    };
  };
  const others = (t: number) => t >= m.proved && t < m.promoted + 500;
  const beside = (t: number) => variant === 'hardened' && t >= m.cut + 1100 && t < m.healed + 400;
  const groups = [group('beside', 7, beside), group('majority', 24, others)];
  return { bucketMs: 100, groups, detail: sampleDetail(groups) };
}

/** The same spread over buckets of 20 ms, with latencies of the median's class and of those around it. */
function sampleDetail(groups: readonly GroupSeries[]): SeriesDetail {
  const per = 5;
  const latencyBoundsMs = Array.from({ length: 113 }, (_, i) => Number((10 ** (i / 12 - 3)).toPrecision(4)));
  const spread = (counts: readonly number[]) =>
    counts.flatMap((n) =>
      Array.from({ length: per }, (_, i) => Math.floor(((i + 1) * n) / per) - Math.floor((i * n) / per)),
    );
  return {
    bucketMs: 20,
    latencyBoundsMs,
    groups: groups.map(({ group, ok, fail, info, p50 }) => ({
      group,
      ok: spread(ok),
      fail: spread(fail),
      info: spread(info),
      latencies: spread(ok).map((n, i) => {
        const middle = latencyBoundsMs.findLastIndex((ms) => ms <= (p50[Math.floor(i / per)] ?? 1));
        return n === 0 ? [] : n === 1 ? [middle, 1] : [middle - 1, 1, middle, n - 1];
      }),
      errors: [
        { error: group === 'beside' ? 'NOREPLICAS' : 'refused', counts: pairs(spread(fail)) },
        { error: 'timeout', counts: pairs(spread(info)) },
      ].filter(({ counts }) => counts.length > 0),
    })),
  };
}

function pairs(counts: readonly number[]): number[] {
  return counts.flatMap((n, i) => (n === 0 ? [] : [i, n]));
}
