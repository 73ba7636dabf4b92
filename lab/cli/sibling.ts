import path from 'node:path';
import type { RunDocument } from '../../reports/data/run-document.ts';
import { variantNames } from './option-values.ts';
import { type RunFolder, readRunFolder } from './run-folder.ts';

/** The other variant's run of the same invocation, for the report that compares both; null when there is none. */
export function siblingOf({ dir, document }: RunFolder): RunDocument | null {
  const other = variantNames.find((name) => name !== document.variant) ?? document.variant;
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
