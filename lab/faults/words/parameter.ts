import { UsageError } from '../../common/errors.ts';
import { withNearest } from '../../common/nearest-name.ts';
import type { Directives } from '../../topology/directives.ts';
import type { SlotList } from '../slot-list.ts';
import type { Target, Targets } from '../target.ts';

/** One of a fault's parameters as somebody types it. */
export interface Parameter<T> {
  /** What the words have to be, for messages and menus. */
  words: string;
  /** Whether it takes all words that are not options' (`rest`), one of them by its place (`place`), or stands behind its name (`option`). */
  by: 'rest' | 'place' | 'option';
  optional: boolean;
  /** What a menu suggests; empty for nothing. */
  usual: string;
  /** The only values that there are, where they are few. */
  choices?: readonly string[];
  /** Reads its words: several for `rest`, else one. Throws UsageError. */
  read(where: string, words: readonly string[]): T;
}

/** Whom it hits: a target, or several with commas between. */
export function targets(usual = ''): Parameter<Targets> {
  return {
    words: 'a role or a name, as primary or node:redis-1',
    by: 'place',
    optional: false,
    usual,
    read: (where, [word = '']) => targetsIn(where, word),
  };
}

/** Several groups, each a target or several with commas between. */
export function groups(): Parameter<Targets[]> {
  return {
    words: 'groups of roles or names, as primary replicas',
    by: 'rest',
    optional: false,
    usual: '',
    read(where, words) {
      if (words.length < 2)
        throw new UsageError(`${where}: expected two groups or more, got ${words.length}`);
      return words.map((word) => targetsIn(where, word));
    },
  };
}

export function number(usual = ''): Parameter<number> {
  return {
    words: 'a number of at least 0',
    by: 'option',
    optional: false,
    usual,
    read(where, [word = '']) {
      if (/^\d+(\.\d+)?$/.test(word)) return Number(word);
      throw new UsageError(`${where}: expected a number of at least 0, got ${JSON.stringify(word)}`);
    },
  };
}

export function text(): Parameter<string> {
  return {
    words: 'a text',
    by: 'option',
    optional: false,
    usual: '',
    read: (_, [word = '']) => word,
  };
}

export function flag(): Parameter<boolean> {
  const { read, ...rest } = choice('false', 'true');
  return { ...rest, read: (where, words) => read(where, words) === 'true' };
}

/** A number that may be negative. */
export function signedNumber(usual: string): Parameter<number> {
  return {
    ...number(usual),
    words: 'a number',
    read(where, [word = '']) {
      if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
      throw new UsageError(`${where}: expected a number, got ${JSON.stringify(word)}`);
    },
  };
}

/** One of a few words; a menu suggests the first. */
export function choice<const C extends string>(...choices: readonly C[]): Parameter<C> {
  return {
    words: choices.join(' or '),
    by: 'option',
    optional: false,
    usual: choices[0] ?? '',
    choices,
    read(where, [word = '']) {
      const found = choices.find((each) => each === word);
      if (found !== undefined) return found;
      throw new UsageError(withNearest(`${where}: there is no ${JSON.stringify(word)}`, word, choices));
    },
  };
}

/** Slots by number, as 7, in runs, as 0-99, or as those of keys, as key:cart. */
export function slots(): Parameter<SlotList> {
  return {
    words: 'slots, as 7, 0-99 or key:cart',
    by: 'rest',
    optional: false,
    usual: '0-99',
    read: (where, words) =>
      words.map((word) => {
        if (word.startsWith('key:')) return { key: word.slice('key:'.length) };
        const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
        if (from === undefined)
          throw new UsageError(
            `${where}: expected a slot, as 7, 0-99 or key:cart, got ${JSON.stringify(word)}`,
          );
        return to === undefined ? Number(from) : ([Number(from), Number(to)] as const);
      }),
  };
}

/** Settings of redis.conf, as maxmemory=10mb. */
export function directives(): Parameter<Directives> {
  return {
    words: 'settings, as maxmemory=10mb',
    by: 'rest',
    optional: false,
    usual: 'maxmemory=10mb',
    read: (where, words) =>
      Object.fromEntries(
        words.map((word) => {
          const [, name, value] = /^([\w-]+)=(.*)$/s.exec(word) ?? [];
          if (name === undefined || value === undefined)
            throw new UsageError(
              `${where}: expected a setting, as maxmemory=10mb, got ${JSON.stringify(word)}`,
            );
          return [name, value];
        }),
      ),
  };
}

/** The same parameter, which may be left out. */
export function optional<T>(parameter: Parameter<T>): Parameter<T> & { optional: true } {
  return { ...parameter, optional: true };
}

/** Whether anybody is it is seen when the fault is held against what stands. */
function targetsIn(where: string, word: string): Targets {
  const all = word.split(',').map((one) => one.trim());
  if (all.includes('')) throw new UsageError(`${where}: expected a target, got ${JSON.stringify(word)}`);
  const [first] = all;
  return (all.length === 1 ? first : all) as Target | Target[];
}
