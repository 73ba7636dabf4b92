import type { Static, TSchema } from 'typebox';
import Type from 'typebox';

/** An object that has these fields and no others: an unknown field is a mistake or another version. */
export function strict<P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/**
 * A map from any string to `values`. Not Type.Record: that one names its keys by the pattern `^.*$`, which a
 * key with a line break in it (a server's error) does not match, so that its value would go unchecked.
 */
export function mapOf<S extends TSchema>(values: S) {
  return Type.Unsafe<Record<string, Static<S>>>({ type: 'object', additionalProperties: values });
}

export function nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** Milliseconds since the run's start. */
export const timeMs = Type.Number({ description: "Milliseconds since the run's start." });

export const texts = Type.Array(Type.String());
