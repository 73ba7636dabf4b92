import path from 'node:path';
import type { RunDocument } from '../../reports/data/run-document.ts';
import { BASE_VARIANTS } from '../scenario/variants.ts';
import { type RunFolder, readRunFolder } from './run-folder.ts';

/** The other variant's run of the same invocation, for the report that compares both; null when there is none. */
export function siblingOf({ dir, document }: RunFolder): RunDocument | null {
  // Of a variant with one mitigation there is no counterpart: the index compares it.
  if (!BASE_VARIANTS.some((name) => name === document.variant)) return null;
  const other = BASE_VARIANTS.find((name) => name !== document.variant) ?? document.variant;
  const name = path.basename(dir).replace(`-${document.variant}`, `-${other}`);
  if (name === path.basename(dir)) return null;
  try {
    const { document: sibling } = readRunFolder(path.join(path.dirname(dir), name));
    return sibling.scenario.name === document.scenario.name && sibling.variant === other ? sibling : null;
  } catch {
    // A comparison is welcome, not needed.
    return null;
  }
}
