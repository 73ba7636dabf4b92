import { isInContainers } from '../reports/data/run-conditions.ts';
import type { RunDocument } from '../reports/data/run-document.ts';
import { matrixOf } from '../reports/matrix/matrix.ts';
import { type MatrixFigure, matrixFigure } from '../reports/matrix/matrix-figure.ts';
import { markdownTable, matrixMarkdown } from '../reports/matrix/matrix-markdown.ts';
import { spreadText } from '../reports/matrix/matrix-tables.ts';

/** Of the same scenarios in namespaces and in containers: how long things took, and what came out. Markdown, from second headings on. */
export function backendsMarkdown(documents: readonly RunDocument[]): string {
  // What a server offers does not depend on where it runs.
  const matrix = { ...matrixOf(documents), features: [] };
  return `## How long it takes\n\n${durations(documents)}\n\n${matrixMarkdown(matrix)}`;
}

const MEASURED = {
  'until it was ready': ({ readyMs }: RunDocument) => readyMs,
  'until nothing of it was left': ({ tearDownMs }: RunDocument) => tearDownMs,
};

function durations(documents: readonly RunDocument[]): string {
  const told = documents.filter(({ outcome, speed = 1 }) => outcome !== 'lab-failed' && speed === 1);
  const [namespaces, containers] = [false, true].map((wanted) =>
    told.filter((run) => isInContainers(run) === wanted),
  );
  const rows = Object.entries(MEASURED).flatMap(([name, of]) =>
    [...new Set(told.map(topologyText))].sort().flatMap((topology) => {
      const values = [namespaces, containers].map((runs = []) =>
        runs.filter((run) => topologyText(run) === topology).map(of),
      );
      const figure = matrixFigure({ name, label: name, unit: 'ms' }, values);
      return figure === null ? [] : [[name, topology, ...cells(figure)]];
    }),
  );
  return markdownTable(['of a run', 'with', 'namespaces', 'containers'], rows);
}

function cells(figure: MatrixFigure): string[] {
  return figure.spreads.map((spread) =>
    spread === null ? '–' : `${spreadText(figure, spread)}, ${spread.runs} runs`,
  );
}

function topologyText({ processes }: RunDocument): string {
  const has = (kind: RunDocument['processes'][number]['kind']) => processes.some((one) => one.kind === kind);
  const nodes = processes.filter(({ kind }) => kind === 'redis').length;
  const redis = has('sentinel') ? 'Sentinels' : nodes > 4 ? 'a cluster' : 'Redis alone';
  return `${redis}${has('app') ? ', the application and its database' : ''}`;
}
