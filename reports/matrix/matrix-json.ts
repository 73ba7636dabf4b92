import type { Matrix } from './matrix.ts';

/** What stands in the `format` field of the document of `lab matrix --json`. */
export const matrixFormat = 'failover-lab/matrix';

/** The text of the document: the matrix, under a format and a version. */
export function matrixJson(matrix: Matrix): string {
  return `${JSON.stringify({ format: matrixFormat, version: 1, ...matrix }, null, 2)}\n`;
}
