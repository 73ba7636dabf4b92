import type { UpOptions } from './up-command.ts';

/** The words of a `lab up` with these options, `up` itself included. */
export function upWords(what: string, { set = [], ...options }: UpOptions): string[] {
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value)];
  });
  // Last, because it takes all that follow.
  const directives = set.length === 0 ? [] : ['--set', ...set];
  return ['up', what, ...words, ...directives];
}
