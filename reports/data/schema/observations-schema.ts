import Type from 'typebox';
import { mapOf, nullable, strict, texts, timeMs } from './parts.ts';

const role = Type.Enum(['primary', 'replica', 'down', 'paused', 'loading', 'unknown']);

const roleSpan = strict({ node: Type.String(), role, from: timeMs, to: timeMs });

const labEvent = strict({
  at: timeMs,
  source: Type.String(),
  kind: Type.String(),
  text: Type.String(),
  data: Type.Optional(mapOf(Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
});

const faultWindow = strict({
  id: Type.String(),
  name: Type.String(),
  text: Type.String(),
  targets: texts,
  injectedAt: timeMs,
  provedAt: nullable(timeMs),
  healedAt: nullable(timeMs),
  recoveredAt: nullable(timeMs),
  proof: Type.String(),
  refusedBy: Type.Optional(texts),
});

const nodeSample = strict({
  at: timeMs,
  node: Type.String(),
  role,
  offset: Type.Number(),
  ackedOffset: nullable(Type.Number()),
  replicas: Type.Number(),
  linkUp: nullable(Type.Boolean()),
  primary: nullable(Type.String()),
  info: mapOf(Type.Number()),
});

/** One figure of one process over time: lab/history/observations.ts. */
const metricSeries = strict({
  source: Type.String(),
  name: Type.String(),
  labels: mapOf(Type.String()),
  kind: Type.Enum(['counter', 'gauge']),
  at: Type.Array(timeMs),
  values: Type.Array(Type.Number()),
});

/** What k6 says at the end of a load: lab/history/observations.ts. */
const loadSummary = strict({
  load: Type.String(),
  thresholds: Type.Array(strict({ metric: Type.String(), expression: Type.String(), ok: Type.Boolean() })),
  metrics: mapOf(mapOf(Type.Number())),
});

/** How far the machine kept up with the lab's clock: lab/history/observations.ts. */
const pace = strict({
  speed: Type.Number(),
  latestMs: Type.Number(),
  lateP99Ms: Type.Number(),
  busyShare: nullable(Type.Number()),
  answerP50Ms: nullable(Type.Number()),
});

/** Who owns which slots according to whom: lab/history/observations.ts. */
const slotViews = strict({
  members: Type.Array(
    strict({
      node: Type.String(),
      role: Type.Enum(['primary', 'replica']),
      primary: nullable(Type.String()),
      epoch: Type.Number(),
      slots: Type.String(),
      moving: Type.String(),
      flags: Type.String(),
    }),
  ),
  views: Type.Array(
    strict({
      at: timeMs,
      node: Type.String(),
      state: Type.Enum(['ok', 'fail']),
      epoch: Type.Number(),
      members: Type.Array(Type.Number()),
    }),
  ),
});

/** What was seen from outside the clients: lab/history/observations.ts. */
export const observationsSchema = strict({
  durationMs: Type.Number(),
  startedAtUnixMs: Type.Optional(Type.Number()),
  nodes: texts,
  roles: Type.Array(roleSpan),
  events: Type.Array(labEvent),
  faults: Type.Array(faultWindow),
  samples: Type.Array(nodeSample),
  loadWindow: strict({ from: timeMs, to: timeMs }),
  metrics: Type.Optional(Type.Array(metricSeries)),
  loads: Type.Optional(Type.Array(loadSummary)),
  slots: Type.Optional(slotViews),
  pace: Type.Optional(pace),
});

const span = { from: timeMs, to: timeMs };
const coverage = Type.Array(strict({ at: timeMs, share: Type.Number() }));

/** Who owned and who served which slots: lab/checkers/slot-ownership.ts. */
export const ownershipSchema = strict({
  from: timeMs,
  coverage,
  shards: Type.Array(strict({ shard: Type.String(), count: Type.Number(), coverage })),
  groups: Type.Array(
    strict({
      slots: Type.String(),
      count: Type.Number(),
      beliefs: Type.Array(
        strict({ ...span, owners: Type.Array(strict({ owner: nullable(Type.String()), by: texts })) }),
      ),
      doubles: Type.Array(strict(span)),
    }),
  ),
});

const latencies = Type.Array(nullable(Type.Number()));
const counts = Type.Array(Type.Number());
const countsOfGroup = { group: Type.String(), ok: counts, fail: counts, info: counts };

/** The same in finer buckets: lab/history/series-detail.ts. */
const seriesDetail = strict({
  bucketMs: Type.Number(),
  latencyBoundsMs: counts,
  groups: Type.Array(
    strict({
      ...countsOfGroup,
      latencies: Type.Array(counts),
      errors: Type.Array(strict({ error: Type.String(), counts })),
    }),
  ),
});

/** Operations over time: lab/history/series.ts. */
export const seriesSchema = strict({
  bucketMs: Type.Number(),
  groups: Type.Array(
    strict({
      ...countsOfGroup,
      p50: latencies,
      p99: latencies,
      max: latencies,
      writesBy: Type.Optional(mapOf(counts)),
      readsBy: Type.Optional(mapOf(counts)),
    }),
  ),
  detail: Type.Optional(seriesDetail),
});
