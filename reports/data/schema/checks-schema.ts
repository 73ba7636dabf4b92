import Type from 'typebox';
import { mapOf, nullable, strict, texts, timeMs } from './parts.ts';

const finding = strict({
  at: timeMs,
  to: Type.Optional(timeMs),
  kind: Type.String(),
  cause: Type.Optional(Type.String()),
  text: Type.String(),
  client: Type.Optional(Type.String()),
  node: Type.Optional(nullable(Type.String())),
  key: Type.Optional(Type.String()),
  value: Type.Optional(Type.Number()),
});

/** How many findings of a kind and cause there were when: lab/checkers/checker.ts. */
const marks = strict({
  kind: Type.String(),
  cause: nullable(Type.String()),
  bucketMs: Type.Number(),
  counts: Type.Array(Type.Number()),
});

/** Lost writes row by row: lab/checkers/checker.ts. */
const lostWrites = strict({
  total: Type.Number(),
  clients: texts,
  nodes: texts,
  keys: texts,
  causes: texts,
  rows: Type.Array(Type.Array(Type.Number())),
});

/** A checker by name with its options: lab/checkers/checker.ts. */
export const checkSpec = strict({ checker: Type.String(), options: mapOf(Type.Unknown()) });

/** A check with its figures and evidence: lab/checkers/checker.ts. */
export const checkSchema = strict({
  name: Type.String(),
  verifies: Type.String(),
  doesNotVerify: Type.String(),
  spec: checkSpec,
  verdict: Type.Enum(['valid', 'invalid', 'unknown']),
  summary: Type.String(),
  figures: mapOf(Type.Union([Type.Number(), Type.Null(), mapOf(Type.Number())])),
  findings: Type.Array(finding),
  marks: Type.Optional(Type.Array(marks)),
  lost: Type.Optional(lostWrites),
});

/** An expectation and what came of it: lab/checkers/expectations.ts. */
export const expectationSchema = strict({
  check: Type.String(),
  verdict: Type.Enum(['valid', 'invalid', 'any']),
  figures: Type.Optional(
    mapOf(strict({ min: Type.Optional(Type.Number()), max: Type.Optional(Type.Number()) })),
  ),
  because: Type.String(),
  met: Type.Enum(['yes', 'no', 'undecided']),
  found: Type.String(),
});
