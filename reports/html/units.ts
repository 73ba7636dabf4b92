/** Numbers for people: never without a unit. */

const thinSpace = '\u202f';

/** Milliseconds as seconds: `0 s`, `0.742 s`, `4.23 s`, `13.4 s`, `1 204 s`. */
export function seconds(ms: number): string {
  if (ms === 0) return `0${thinSpace}s`;
  const digits = Math.abs(ms) < 1000 ? 3 : Math.abs(ms) < 10_000 ? 2 : 1;
  return `${grouped((ms / 1000).toFixed(digits))}${thinSpace}s`;
}

/** A count with its unit: `2 841 writes`, `1 write`. */
export function count(n: number, unit: string): string {
  const plural = n === 1 ? unit.replace(/s$/, '') : unit;
  return `${number(n)} ${plural}`;
}

/** A number with thin separators, and at most three digits behind the point. */
export function number(n: number): string {
  return grouped(String(Math.round(n * 1000) / 1000));
}

export function percent(share: number): string {
  return `${number(Math.round(share * 1000) / 10)}${thinSpace}%`;
}

/** `2026-01-05T09:30:00.000Z` as `2026-01-05 09:30:00 UTC`; anything else as it is. */
export function wallTime(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, '$1 $2 UTC');
}

function grouped(digits: string): string {
  const [whole = '', rest] = digits.split('.');
  const parts = whole.replace(/\B(?=(\d{3})+$)/g, thinSpace);
  return rest === undefined ? parts : `${parts}.${rest}`;
}

/** The unit of a figure, which stands at its name's end by the checkers' convention. */
const units: readonly [RegExp, (value: number) => string][] = [
  [/Ms($|By[A-Z])/, seconds],
  [/(share|ratio|availability)($|By[A-Z]|InFault$)/i, percent],
  [/percent$/i, (n) => `${number(n)}${thinSpace}%`],
  [/PerSecond$/, (n) => `${number(n)} per second`],
  ...(
    [
      [/bytes$/i, 'bytes'],
      [/reads|goingBack|readYourWrites/i, 'reads'],
      [/versions/i, 'versions'],
      [/increments/i, 'increments'],
      [/executions/i, 'executions'],
      [/answers/i, 'answers'],
      [/failover/i, 'failovers'],
      [/outages/i, 'outages'],
      [/clients|neverRecovered|^interrupted/i, 'clients'],
      [/faults/i, 'faults'],
      [/events/i, 'events'],
      [
        /writes|^attempts|^(attempted|acknowledged|lost|unexpected|recovered|appliedFailures|indeterminate)($|By[A-Z])/i,
        'writes',
      ],
      [/operations|^(ok|info|fail)$|^ok[A-Z]|^(redirected|exhausted)$/i, 'operations'],
      [/redirect/i, 'redirects'],
      [/^shards$/, 'shards'],
    ] as const
  ).map(([name, unit]): [RegExp, (n: number) => string] => [name, (n) => count(n, unit)]),
];

/** A figure's value with the unit that its name implies; in counts the plural that it ends with (`staleViews`, `errorsInFault`), `n×` when it tells none. */
export function figureText(name: string, value: number | null): string {
  if (value === null) return 'not known';
  const unit = units.find(([pattern]) => pattern.test(name));
  if (unit !== undefined) return unit[1](value);
  // `unexpectedLogouts` counts logouts.
  const plural = /(?:^|[a-z])([A-Z]?[a-z]+[a-rt-z]s)(?:(?:In|By)[A-Z]\w*)?$/.exec(name)?.[1];
  return plural === undefined ? `${number(value)}${thinSpace}×` : count(value, plural.toLowerCase());
}

/** A figure's name in words: `faultToSdownMs` → `fault to sdown`. */
export function figureName(name: string): string {
  const words = name.replace(/(Ms|Bytes)(?=$|By[A-Z])/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return words.replaceAll('-', ' ').toLowerCase();
}
