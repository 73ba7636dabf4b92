import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { SharedFolder } from '../docker/lab-job.ts';

/**
 * Where Node's processes in containers keep what they have compiled, which is half of what loading the lab costs: a
 * container forgets. What is there is told by Node's version and by the file's content, and nobody else writes to it.
 */
export function compileCache(cache: string): { environment: Record<string, string>; folder: SharedFolder } {
  const directory = path.join(cache, 'compiled');
  mkdirSync(directory, { recursive: true });
  return { environment: { NODE_COMPILE_CACHE: directory }, folder: { path: directory, readOnly: false } };
}
