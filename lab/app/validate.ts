import { distance } from 'fastest-levenshtein';

/** What a configuration has wrong: which field, what belongs there, and what came. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field === '' ? 'configuration' : field}: ${message}`);
    this.field = field;
  }
}

/** The part of JSON Schema that settings are written in (typebox makes these plain objects). */
export interface Schema {
  type?: string;
  const?: unknown;
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  patternProperties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  minItems?: number;
  pattern?: string;
}

/**
 * Checks `value` and fills defaults in, to any depth; gives back a new value. Throws ConfigError for the first thing
 * that is wrong. Own code rather than a validator, because with alternatives (`kind: single | sentinel | cluster`) a
 * general one can only say that none fits; this one goes by the field that tells them apart.
 */
export function validate(schema: Schema, value: unknown, path = ''): unknown {
  const given = value === undefined ? structuredClone(schema.default) : value;
  if (schema.anyOf !== undefined) return validate(alternative(schema, given, path), given, path);
  if (!fits(schema, given)) throw wrong(path, describe(schema), given);
  if (schema.type === 'array') return validateItems(schema, given as unknown[], path);
  if (schema.type === 'object') return validateFields(schema, given as Record<string, unknown>, path);
  return given;
}

function validateItems({ items = {} }: Schema, list: unknown[], path: string): unknown[] {
  return list.map((item, index) => validate(items, item, `${path}[${index}]`));
}

function validateFields(schema: Schema, object: Record<string, unknown>, path: string) {
  const { properties = {}, patternProperties = {} } = schema;
  const result: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(properties)) {
    const isOptional = inner.default === undefined && !(schema.required ?? []).includes(name);
    if (object[name] === undefined && isOptional) continue;
    result[name] = validate(inner, object[name], join(path, name));
  }
  for (const [name, inner] of Object.entries(object)) {
    if (Object.hasOwn(properties, name)) continue;
    const rule = Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern).test(name));
    if (rule === undefined) throw unknownField(path, name, schema);
    result[name] = validate(rule[1], inner, join(path, name));
  }
  return result;
}

function unknownField(path: string, name: string, { properties = {}, patternProperties = {} }: Schema) {
  const patterns = Object.keys(patternProperties);
  if (patterns.length > 0) return new ConfigError(join(path, name), `expected a name like ${patterns[0]}`);
  const known = Object.keys(properties);
  const nearest = known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= Math.ceil(name.length / 3))
    .sort((a, b) => a.edits - b.edits)[0];
  const hint = nearest ? `did you mean "${nearest.candidate}"?` : `there are: ${known.join(', ')}`;
  return new ConfigError(join(path, name), `unknown field; ${hint}`);
}

/** The alternative that is meant: of several objects, the one whose constant field (`kind`) agrees. */
function alternative({ anyOf = [] }: Schema, value: unknown, path: string): Schema {
  const fitting = anyOf.filter((option) => fits(option, value));
  const [first] = fitting;
  if (first === undefined) throw wrong(path, anyOf.map(describe).join(' or '), value);
  if (fitting.length === 1 || first.type !== 'object') return first;
  const tag = tagOf(fitting);
  if (tag === undefined) return first;
  const named = (value as Record<string, unknown>)[tag];
  const meant = fitting.find((option) => option.properties?.[tag]?.const === named);
  if (meant !== undefined) return meant;
  const known = fitting.map((option) => JSON.stringify(option.properties?.[tag]?.const)).join(' or ');
  throw wrong(join(path, tag), known, named);
}

function tagOf(options: readonly Schema[]): string | undefined {
  const names = Object.keys(options[0]?.properties ?? {});
  return names.find((name) => options.every((option) => option.properties?.[name]?.const !== undefined));
}

/** Whether the value itself fits, whatever is inside it. */
function fits(schema: Schema, value: unknown): boolean {
  if (schema.const !== undefined) return value === schema.const;
  switch (schema.type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value) && value.length >= (schema.minItems ?? 0);
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string' && isText(schema, value);
    case 'integer':
      return Number.isSafeInteger(value) && isInRange(schema, Number(value));
    case 'number':
      return typeof value === 'number' && isInRange(schema, value);
    default:
      return true;
  }
}

function isText({ minLength = 0, pattern }: Schema, text: string): boolean {
  return text.length >= minLength && (pattern === undefined || new RegExp(pattern).test(text));
}

function isInRange(schema: Schema, n: number): boolean {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = schema;
  return Number.isFinite(n) && n >= minimum && n <= maximum && n > exclusiveMinimum;
}

function describe(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const { pattern, minLength, minItems } = schema;
  const range = describeRange(schema);
  switch (schema.type) {
    case 'integer':
      return `a whole number${range}`;
    case 'number':
      return `a number${range}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      if (pattern !== undefined) return `a text like ${pattern}`;
      return minLength === undefined ? 'a text' : `a text of at least ${minLength} characters`;
    case 'array':
      return minItems === undefined ? 'a list' : `a list of at least ${minItems}`;
    case 'null':
      return 'null';
    default:
      return 'an object';
  }
}

function describeRange({ minimum, maximum, exclusiveMinimum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  const above = exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`;
  return maximum === undefined ? above : `${above}${above && ' and'} of at most ${maximum}`;
}

const SECRET = /password|secret|url/i;

/** Secrets are not shown: the message goes to a log. */
function wrong(path: string, expected: string, got: unknown): ConfigError {
  const shown = got === undefined ? 'nothing' : SECRET.test(path) ? `${kindOf(got)} (not shown)` : show(got);
  return new ConfigError(path, `expected ${expected}, got ${shown}`);
}

const kindOf = (value: unknown) => (value === null ? 'null' : `a ${typeof value}`);

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);
