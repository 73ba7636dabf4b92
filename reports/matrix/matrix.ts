import type { RunOutcome, ServerDifference, VariantName } from '../../lab/run/record.ts';
import { runServer, runTiming } from '../data/run-conditions.ts';
import type { RunDocument } from '../data/run-document.ts';
import { worstOutcome } from '../data/worst-outcome.ts';
import { headlineOf } from '../html/headline.ts';
import { keyFiguresOf, measuredOf } from '../html/suite/key-figures.ts';
import { type MatrixFigure, matrixFigure } from './matrix-figure.ts';

/** The same scenarios on several servers. */
export interface Matrix {
  /** `Valkey 8.1.1`, `Valkey 8.1.1 in containers`, in the order in which they ran first. */
  servers: readonly string[];
  /** What some of them offer and others do not, or all do; null where a server was not asked. */
  features: readonly { name: string; offered: readonly (boolean | null)[] }[];
  rows: readonly MatrixRow[];
}

/** One variant of one scenario. */
export interface MatrixRow {
  scenario: string;
  title: string;
  variant: VariantName;
  /** `fast`, `production at speed 10`. */
  timing: string;
  /** By server. */
  cells: readonly MatrixCell[];
  /** Loss, recovery time, and what the scenario's variants are told apart by. */
  figures: readonly MatrixFigure[];
}

/** What came of one variant on one server. */
export interface MatrixCell {
  runs: number;
  asExpected: number;
  /** The worst of its runs; null where there was none. */
  outcome: RunOutcome | null;
  /** Why runs did not come out as expected, each once. */
  reasons: readonly string[];
  /** Where the server is known to behave otherwise. */
  knownDifference: ServerDifference | null;
  /** What the server did not offer, and what was done instead. */
  fallbacks: readonly string[];
}

/** Puts runs that were made on several servers beside each other; those that failed before they could ask for the server are left out. */
export function matrixOf(documents: readonly RunDocument[]): Matrix {
  const runs = documents.flatMap((document) => {
    const server = runServer(document);
    return server === null ? [] : [{ server, document }];
  });
  const servers = [...new Set(runs.map(({ server }) => server))];
  const groups = Map.groupBy(runs, ({ document }) =>
    JSON.stringify([document.scenario.name, document.variant, runTiming(document)]),
  );
  return {
    servers,
    features: featuresOf(
      servers.map((server) => runs.filter((run) => run.server === server).map(({ document }) => document)),
    ),
    rows: [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { scenario, variant } = first.document;
      const byServer = servers.map((server) =>
        group.filter((run) => run.server === server).map(({ document }) => document),
      );
      return [
        {
          scenario: scenario.name,
          title: scenario.title,
          variant,
          timing: runTiming(first.document),
          cells: byServer.map(cellOf),
          figures: figuresOf(byServer),
        },
      ];
    }),
  };
}

function cellOf(runs: readonly RunDocument[]): MatrixCell {
  const bad = runs.filter(({ outcome }) => outcome !== 'as-expected');
  const fallbacks = runs.flatMap(({ seen }) =>
    seen.events.filter(({ kind }) => kind === 'fallback').map(({ text }) => text),
  );
  return {
    runs: runs.length,
    asExpected: runs.length - bad.length,
    outcome: worstOutcome(runs.map(({ outcome }) => outcome)) ?? null,
    reasons: [...new Set(bad.map(({ reason }) => reason))],
    knownDifference: runs.find((run) => run.knownDifference !== undefined)?.knownDifference ?? null,
    fallbacks: [...new Set(fallbacks)],
  };
}

/** Loss and recovery first; then the scenario's own figures that are not one of these. */
function figuresOf(byServer: readonly (readonly RunDocument[])[]): MatrixFigure[] {
  const told = byServer.map((runs) => runs.filter(({ outcome }) => outcome !== 'lab-failed'));
  const headline = (name: string, unit: 'ms' | '', of: (run: RunDocument) => number | null) =>
    matrixFigure(
      { name, label: name, unit },
      told.map((runs) => runs.map(of).filter((value) => value !== null)),
    );
  const own = keyFiguresOf(told.flat()).filter(({ figure }) => figure !== 'lost');
  return [
    headline('acknowledged writes lost', '', (run) => headlineOf(run).lost),
    headline('until the last client worked again', 'ms', (run) => headlineOf(run).recoveryMs),
    ...own.map((key) =>
      matrixFigure(
        { name: `${key.check}.${key.figure}`, label: key.label, unit: key.unit, key },
        told.map((runs) => measuredOf(runs, key)),
      ),
    ),
  ].flatMap((figure) => figure ?? []);
}

function featuresOf(byServer: readonly (readonly RunDocument[])[]): Matrix['features'] {
  const known = byServer.map((runs) => runs.find(({ features }) => features !== undefined)?.features ?? null);
  const names = new Set(known.flatMap((features) => Object.keys(features ?? {})));
  return [...names].map((name) => ({
    name,
    offered: known.map((features) => features?.[name] ?? null),
  }));
}
