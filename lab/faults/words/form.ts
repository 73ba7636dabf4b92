import { UsageError } from '../../common/errors.ts';
import { withNearest } from '../../common/nearest-name.ts';
import type { SystemKind } from '../../topology/systems-in.ts';
import type { Fault } from '../fault.ts';
import type { Parameter } from './parameter.ts';

/** What a menu needs to know of a fault: whom it can be offered for. */
export type Aim =
  /** A node, by its first target; of these kinds alone, where they are said. */
  | { at: 'node'; kinds?: readonly ('redis' | 'sentinel' | 'app' | 'postgres')[] }
  /** A link, by its targets `from` and `to`. */
  | { at: 'link' }
  /** Nothing that could be clicked. */
  | { at: 'system' };

export interface FormOptions {
  /** For what a menu offers it. */
  aim: Aim;
  /** The only kinds of system that it is for. Default: any. */
  systems?: readonly SystemKind[];
  /** There is nothing to heal, or it ends by itself: the heal only waits for that. Default false. */
  endsItself?: boolean;
}

/** How a fault is asked for in words. */
export interface FaultForm extends Required<FormOptions> {
  parameters: Readonly<Record<string, Parameter<unknown>>>;
  /** The fault that the words behind its name ask for. Throws UsageError. */
  read(name: string, words: readonly string[]): Fault;
}

type Shape = Readonly<Record<string, Parameter<unknown>>>;
type ValueOf<P> = P extends Parameter<infer T> ? T : never;
type OptionalIn<S> = { [K in keyof S]: S[K] extends { optional: true } ? K : never }[keyof S];
type Read<S> = { [K in Exclude<keyof S, OptionalIn<S>>]: ValueOf<S[K]> } & {
  [K in OptionalIn<S>]?: ValueOf<S[K]>;
};

/** A form from a fault's parameters, in the order in which they are typed. */
export function form<S extends Shape>(
  parameters: S,
  make: (read: Read<S>) => Fault,
  { aim, systems = ['cluster', 'sentinel', 'standalone'], endsItself = false }: FormOptions,
): FaultForm {
  return {
    parameters,
    aim,
    systems,
    endsItself,
    // What the shape asks for has been read, each value by its own parameter.
    read: (name, words) => make(readWords(name, words, parameters) as Read<S>),
  };
}

/** What was typed, by parameter; those that were left out are absent. Options may stand anywhere, in camelCase or kebab-case. */
function readWords(who: string, words: readonly string[], parameters: Shape): Record<string, unknown> {
  const { options, others } = sorted(who, words, parameters);
  const given = new Map<string, readonly string[]>(options);
  const byPlace = Object.entries(parameters).filter(([name, { by }]) => by !== 'option' && !given.has(name));
  for (const [name, { by }] of byPlace) {
    const own = by === 'rest' ? others.splice(0) : others.splice(0, 1);
    if (own.length > 0) given.set(name, own);
  }
  if (others.length > 0) {
    const hint = others.some((word) => /^(replica|sentinel|app|of|majority|minority)$/.test(word))
      ? '; a target of several words needs quotes, as "a replica"'
      : '';
    throw new UsageError(`${who}: expected nothing further, got ${JSON.stringify(others.join(' '))}${hint}`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const own = given.get(name);
    if (own !== undefined) read[name] = parameter.read(`${who}: ${name}`, own);
    else if (!parameter.optional)
      throw new UsageError(`${who}: ${name}: expected ${parameter.words}, got nothing`);
  }
  return read;
}

/** Options with their values, and the words that belong to none. */
function sorted(who: string, words: readonly string[], parameters: Shape) {
  const options: [string, readonly string[]][] = [];
  const others: string[] = [];
  const waiting = [...words];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const [, typed, inline] = /^--([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (typed === undefined) {
      others.push(word);
      continue;
    }
    const name = typed.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) {
      const known = Object.keys(parameters).map((each) => `--${each}`);
      throw new UsageError(withNearest(`${who} has no option --${typed}`, `--${name}`, known));
    }
    const isFlag = parameter.choices?.join() === 'false,true';
    const isNext = isFlag ? /^(true|false)$/.test(waiting[0] ?? '') : waiting.length > 0;
    const value = inline ?? (isNext ? waiting.shift() : isFlag ? 'true' : undefined);
    if (value === undefined)
      throw new UsageError(`${who}: ${name}: expected ${parameter.words}, got nothing`);
    if (options.some(([other]) => other === name))
      throw new UsageError(`${who}: ${name}: expected it once, got it twice`);
    options.push([name, [value]]);
  }
  return { options, others };
}
