import Type from 'typebox';
import { checkSchema, checkSpec, expectationSchema } from './checks-schema.ts';
import { observationsSchema, ownershipSchema, seriesSchema } from './observations-schema.ts';
import { mapOf, nullable, strict, texts, timeMs } from './parts.ts';

const scenario = strict({
  name: Type.String(),
  title: Type.String(),
  claim: Type.String(),
  variantSummary: Type.String(),
  advice: Type.String(),
  settings: Type.Array(strict({ name: Type.String(), vulnerable: Type.String(), hardened: Type.String() })),
  compare: Type.Optional(
    Type.Array(
      strict({ check: Type.String(), figure: Type.String(), label: Type.String(), unit: Type.String() }),
    ),
  ),
  file: Type.String(),
});

const processRecord = strict({
  name: Type.String(),
  kind: Type.Enum(['redis', 'sentinel', 'app', 'postgres', 'toxiproxy', 'clients']),
  host: Type.String(),
  address: Type.String(),
  configuration: Type.String(),
  log: Type.String(),
});

const logExcerpts = strict({
  from: timeMs,
  to: timeMs,
  logs: Type.Array(
    strict({
      process: Type.String(),
      lines: texts,
      at: Type.Array(nullable(timeMs)),
      leftOut: Type.Number(),
      leftOutAfter: Type.Number(),
    }),
  ),
});

const client = strict({
  name: Type.String(),
  group: Type.String(),
  host: Type.String(),
  crashedAt: Type.Optional(timeMs),
});

/**
 * The schema of run.json, from which run-document.schema.json is written and by which every document is
 * checked when it is read. `same-type.ts` holds it and the RunRecord type together.
 */
export const runDocumentSchema = Type.Object(
  {
    format: Type.Literal('failover-lab/run'),
    version: Type.Literal(1),
    scenario,
    variant: Type.Union([
      Type.Literal('vulnerable'),
      Type.Literal('hardened'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a pattern in the notation of a type
      Type.TemplateLiteral('only-${string}'),
    ]),
    manual: Type.Optional(Type.Literal(true)),
    timing: Type.Enum(['fast', 'production']),
    speed: Type.Optional(
      Type.Number({ description: 'Lab time per real time; absent: 1. All times of a run are lab time.' }),
    ),
    realDurationMs: Type.Optional(
      Type.Number({ description: 'What the run really took: durationMs ÷ speed. There where speed is.' }),
    ),
    seed: Type.Number(),
    startedAt: Type.String({ description: "ISO 8601, wall clock at the run's start." }),
    durationMs: Type.Number(),
    readyMs: Type.Number({ description: 'From the start of provisioning to a topology that is ready.' }),
    tearDownMs: Type.Number({
      description: 'From the end of the last phase that needs servers until nothing of them was left.',
    }),
    backend: Type.String(),
    versions: mapOf(Type.String()),
    features: Type.Optional(mapOf(Type.Boolean())),
    knownDifference: Type.Optional(
      strict({ on: Type.String(), because: Type.String(), source: Type.String() }),
    ),
    commands: strict({ replay: Type.String(), check: Type.String() }),
    outcome: Type.Enum(['as-expected', 'unexpected', 'inconclusive', 'lab-failed']),
    reason: Type.String(),
    topology: Type.String(),
    schedule: texts,
    hosts: Type.Array(strict({ name: Type.String(), zone: nullable(Type.String()), processes: texts })),
    processes: Type.Array(processRecord),
    clients: Type.Array(client),
    phases: Type.Array(strict({ name: Type.String(), from: timeMs, to: timeMs })),
    seen: observationsSchema,
    ownership: Type.Optional(ownershipSchema),
    series: seriesSchema,
    checkSpecs: Type.Array(checkSpec),
    checks: Type.Array(checkSchema),
    expectations: Type.Array(expectationSchema),
    errors: mapOf(Type.Number()),
    logs: Type.Optional(logExcerpts),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:failover-lab:run:1',
    title: 'A run of the failover lab (run.json), version 1',
    description: "Everything one run measured and concluded. Times are milliseconds since the run's start.",
    additionalProperties: false,
  },
);
