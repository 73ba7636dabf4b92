import { UsageError } from '../common/errors.ts';

interface Kinds {
  number: number;
  text: string;
  texts: readonly string[];
  flag: boolean;
  'number or text': number | string;
}

/** What an option has to be. */
export type OptionKind = keyof Kinds;

type Read<S extends Readonly<Record<string, OptionKind>>> = { [K in keyof S]?: Kinds[S[K]] } & {
  name?: string;
};

const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string');

const tests: Readonly<Record<OptionKind, { words: string; holds: (value: unknown) => boolean }>> = {
  number: { words: 'a number of at least 0', holds: (v) => typeof v === 'number' && v >= 0 },
  text: { words: 'a text that is not empty', holds: (v) => typeof v === 'string' && v !== '' },
  texts: { words: 'a list of texts', holds: isTexts },
  flag: { words: 'true or false', holds: (v) => typeof v === 'boolean' },
  'number or text': {
    words: 'a number of at least 0 or a text',
    holds: (v) => (typeof v === 'number' && v >= 0) || (typeof v === 'string' && v !== ''),
  },
};

/**
 * A checker's options, checked: they come from untyped code or from a run folder. Every checker also takes
 * `name`, by which a scenario tells two checks of one kind apart. Throws UsageError with what was expected and found.
 */
export function readOptions<const S extends Readonly<Record<string, OptionKind>>>(
  checker: string,
  options: Readonly<Record<string, unknown>>,
  schema: S,
): Read<S> {
  const all: Readonly<Record<string, OptionKind>> = { name: 'text', ...schema };
  for (const [option, value] of Object.entries(options)) {
    const kind = Object.hasOwn(all, option) ? all[option] : undefined;
    if (kind === undefined)
      throw new UsageError(
        `check ${checker}: unknown option ${JSON.stringify(option)}; known are ${Object.keys(all).join(', ')}`,
      );
    if (value !== undefined && !tests[kind].holds(value))
      throw new UsageError(
        `check ${checker}: ${option}: expected ${tests[kind].words}, got ${JSON.stringify(value)}`,
      );
  }
  // Every option has been looked at by now; the cast tells the compiler so.
  return options as Read<S>;
}

/** An option that lists some of a checker's own words; all of `known` where it is left out. UsageError names what is none of them. */
export function someOf<const T extends string>(
  checker: string,
  option: string,
  given: readonly string[] | undefined,
  known: readonly T[],
): readonly T[] {
  if (given === undefined) return known;
  return given.map((text) => {
    const one = known.find((each) => each === text);
    if (one === undefined)
      throw new UsageError(
        `check ${checker}: ${option}: expected some of ${known.join(', ')}, got ${JSON.stringify(text)}`,
      );
    return one;
  });
}
