import type { Static } from 'typebox';
import type { RunDocument } from '../run-document.ts';
import type { runDocumentSchema } from './run-document-schema.ts';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** True only for identical types: an optional field and a missing one are told apart. */
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/**
 * Compiles only while the schema and the RunDocument type describe the same thing: a field added to, left
 * out of or changed in one of them alone makes `tsc` refuse this file.
 */
export const schemaAndTypeAgree: Identical<
  DeepReadonly<Static<typeof runDocumentSchema>>,
  DeepReadonly<RunDocument>
> = true;
