import { writeFileSync } from 'node:fs';
import { runDocumentSchema } from './run-document-schema.ts';

/** The published schema's text, as it stands in run-document.schema.json. */
export function schemaText(): string {
  return `${JSON.stringify(runDocumentSchema, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(new URL('../run-document.schema.json', import.meta.url), schemaText());
