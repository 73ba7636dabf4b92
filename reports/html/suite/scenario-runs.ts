import path from 'node:path';
import { runServer, speedText } from '../../data/run-conditions.ts';
import type { RunDocument } from '../../data/run-document.ts';

/** One run of an invocation and where its report is. */
export interface IndexRun {
  document: RunDocument;
  /** Address of the run's report.html, relative to the index. */
  href: string;
}

/** What runs have in common besides their variant where they can be held against each other. */
export interface Condition {
  /** `Redis 7.0.15`, `Redis 7.0.15 in containers`; null in a run that did not get to ask. */
  server: string | null;
  timing: RunDocument['timing'];
  /** How many times as fast as real time the lab's clock went. */
  speed: number;
}

/** All runs of one scenario, in the order in which they came. */
export interface ScenarioRuns {
  scenario: RunDocument['scenario'];
  /** The folder that the scenario's file is in: what it is about. */
  theme: string;
  all: readonly IndexRun[];
}

/** The runs by scenario, those of one theme after each other, else in the order in which they first appear. */
export function byScenario(runs: readonly IndexRun[]): ScenarioRuns[] {
  const scenarios = [...Map.groupBy(runs, ({ document }) => document.scenario.name).values()].flatMap(
    (all) => {
      const scenario = all[0]?.document.scenario;
      return scenario === undefined ? [] : [{ scenario, theme: themeOf(scenario.file), all }];
    },
  );
  return [...Map.groupBy(scenarios, ({ theme }) => theme).values()].flat();
}

/** The conditions under which any of the runs were made, in the order in which they first appear. */
export function conditionsOf(runs: readonly IndexRun[]): Condition[] {
  const known = new Map(
    runs.map(({ document }): [string, Condition] => {
      const condition = conditionOf(document);
      return [conditionText(condition), condition];
    }),
  );
  return [...known.values()];
}

/** Whether a run was made under a condition. */
export function isUnder(document: RunDocument, condition: Condition): boolean {
  return conditionText(conditionOf(document)) === conditionText(condition);
}

/** `Redis 7.0.15 in containers, production timing at speed 10`; what is usual goes without saying. */
export function conditionText({ server, timing, speed }: Condition): string {
  return `${server ?? 'server not known'}, ${timing} timing${speedText(speed)}`;
}

function conditionOf(document: RunDocument): Condition {
  const { timing, speed = 1 } = document;
  return { server: runServer(document), timing, speed };
}

function themeOf(file: string): string {
  return path.posix.basename(path.posix.dirname(file.replaceAll('\\', '/')));
}
