/** The part of a JSON Schema that the run document's schema uses. */
interface Schema {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
}

/** One complaint of the validator. */
interface Mismatch {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
}

/** The first complaint as one line: `checks[2].verdict: expected "valid" | "invalid" | "unknown", got "fine"`. */
export function describeMismatch(schema: object, value: unknown, mismatches: readonly Mismatch[]): string {
  const mismatch = outermost(mismatches);
  if (mismatch === undefined) return 'expected a run document, got something else';
  const keys = keysOf(mismatch.instancePath);
  const missing = 'requiredProperties' in mismatch.params ? mismatch.params.requiredProperties : undefined;
  if (Array.isArray(missing)) keys.push(String(missing[0]));
  return `${pathText(keys, value)}: expected ${expected(schemaAt(schema, keys))}, got ${got(valueAt(value, keys))}`;
}

/** Of a value that fits no branch of a union the union is told, not why it misses the first branch. */
function outermost(mismatches: readonly Mismatch[]): Mismatch | undefined {
  const first = mismatches[0];
  const union = first?.schemaPath.indexOf('/anyOf/') ?? -1;
  if (first === undefined || union === -1) return first;
  const path = first.schemaPath.slice(0, union);
  return mismatches.find((each) => each.keyword === 'anyOf' && each.schemaPath === path) ?? first;
}

/** The keys of a JSON pointer. */
function keysOf(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function schemaAt(schema: Schema, keys: readonly string[]): Schema | false {
  let at: Schema | undefined = schema;
  for (const key of keys) {
    const more: Schema['additionalProperties'] = at?.additionalProperties;
    const own: Schema | undefined =
      at?.properties && Object.hasOwn(at.properties, key) ? at.properties[key] : undefined;
    at = own ?? at?.items ?? (typeof more === 'object' ? more : undefined);
  }
  return at ?? false;
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  let at = value;
  for (const key of keys) {
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
  }
  return at;
}

/** `checks[2].verdict`, and `errors["a b"]` for a key that is no name. */
function pathText(keys: readonly string[], root: unknown): string {
  let text = '';
  keys.forEach((key, i) => {
    if (Array.isArray(valueAt(root, keys.slice(0, i)))) text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(key)) text += text === '' ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  });
  return text || 'the document';
}

function expected(schema: Schema | false): string {
  if (schema === false) return 'no such field';
  if (schema.anyOf) return schema.anyOf.map(expected).join(' | ');
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const article = /^[aeiou]/.test(schema.type ?? '') ? 'an' : 'a';
  return schema.type === 'null' ? 'null' : `${article} ${schema.type ?? 'value'}`;
}

function got(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
