import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'vitest/node';

/** One import as it stands in a file. */
export interface Import {
  /** The importing file, relative to the root. */
  from: string;
  line: number;
  /** As it is written: `../common/errors.ts`, `commander`, `node:fs`. */
  specifier: string;
  /** The imported file, relative to the root; null for packages and Node's own modules. */
  to: string | null;
  /** Everything imported is a type: nothing of it is left when the program runs. */
  isType: boolean;
  /** `import()`, which is loaded when it is reached. */
  isLazy: boolean;
}

interface Node {
  type: string;
  start: number;
  source?: { value?: unknown } | null;
  importKind?: string;
  exportKind?: string;
  specifiers?: Node[];
  [key: string]: unknown;
}

/** All imports of one TypeScript file, `export … from`, `import()` and `import('…')` types included. */
export function importsOf(root: string, file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return importsIn(text, file);
}

/** The same of a text that is, or could be, that file's. */
export function importsIn(text: string, file: string): Import[] {
  const found: Import[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    const specifier = node.source?.value;
    if (typeof specifier === 'string') {
      const line = text.slice(0, node.start).split('\n').length;
      const to = specifier.startsWith('.') ? path.join(path.dirname(file), specifier) : null;
      const isLazy = node.type === 'ImportExpression';
      found.push({ from: file, line, specifier, to, isType: isTypeOnly(node), isLazy });
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(text, { lang: 'ts' }));
  return found;
}

/** `import type`, `export type`, an import whose every name is a `type`, or `import('…')` where a type stands. */
function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const names = node.specifiers ?? [];
  return names.length > 0 && names.every((name) => name.importKind === 'type' || name.exportKind === 'type');
}
