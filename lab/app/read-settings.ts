import { readFileSync } from 'node:fs';
import { configSchema } from './config.ts';
import { ConfigError, type Schema } from './validate.ts';

/**
 * The settings as given: the JSON file named by the first argument or by APP_CONFIG, and on top of it the variables
 * `APP_<PATH>`, where `__` leads into an object and `_` begins a word: `APP_SESSIONS__TTL_SECONDS=60`,
 * `APP_LIMITS__POLICIES='{"login": …}'`. Throws ConfigError.
 */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): unknown {
  const file = args[0] ?? env.APP_CONFIG;
  const settings = file === undefined ? {} : readJson(file);
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('APP_') || name === 'APP_CONFIG' || text === undefined) continue;
    const path = name.slice('APP_'.length).split('__').map(camelCase);
    place(settings, path, parsed(path, text), name);
  }
  return settings;
}

function readJson(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError('', `cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError('', `${file}: expected JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError('', `${file}: expected an object`);
  return value as Record<string, unknown>;
}

const camelCase = (words: string) =>
  words.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A text where the schema has nothing but texts, so that the password 1234 is one; JSON elsewhere, as far as it is JSON. */
function parsed(path: readonly string[], text: string): unknown {
  const schemas = path.reduce<Schema[]>(
    (found, name) => found.flatMap((each) => into(each, name)),
    [configSchema],
  );
  const types = schemas.flatMap((schema) => schema.anyOf ?? [schema]).map((schema) => schema.type);
  if (types.length > 0 && types.every((type) => type === 'string')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function into(schema: Schema, name: string): Schema[] {
  return [schema, ...(schema.anyOf ?? [])].flatMap((each) => each.properties?.[name] ?? []);
}

function place(settings: Record<string, unknown>, path: readonly string[], value: unknown, name: string) {
  let at = settings;
  for (const key of path.slice(0, -1)) {
    at[key] ??= {};
    const next = at[key];
    if (typeof next !== 'object' || next === null)
      throw new ConfigError(path.join('.'), `${name} leads into ${key}, expected an object there`);
    at = next as Record<string, unknown>;
  }
  at[path.at(-1) ?? ''] = value;
}
