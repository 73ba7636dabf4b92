import { type ConformanceBench, conformance } from './conformance.ts';
import type { Case } from './test-cases.ts';

/** The namespaces backend in each case of the conformance suite. */
export const cases: Readonly<Record<string, Case>> = Object.fromEntries(
  Object.entries(conformance).map(([name, one]): [string, Case] => [
    name,
    async (context) => {
      const bench: ConformanceBench = { backend: context.backend(), node: process.execPath };
      await one(bench);
      await bench.backend.close();
    },
  ]),
);
