/** One line of what a metrics endpoint says. */
export interface Reading {
  name: string;
  labels: Readonly<Record<string, string>>;
  kind: 'counter' | 'gauge';
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/**
 * Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/): calls `told` with each
 * series, as its text up to the value, and its value. Lines that are none are passed over. `kinds` is filled from the
 * TYPE comments; what a series' text means says `readingOf`, so that it need not be parsed every time.
 */
export function readMetrics(
  text: string,
  kinds: Map<string, string>,
  told: (series: string, value: number) => void,
): void {
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      const [, keyword, name = '', kind = ''] = line.split(' ');
      if (keyword === 'TYPE') kinds.set(name, kind);
      continue;
    }
    // A label's value may hold blanks; the value, and a timestamp if there is one, stand behind the last bracket.
    const end = line.indexOf(' ', line.lastIndexOf('}') + 1);
    const value = Number(line.slice(end + 1).split(' ')[0] || Number.NaN);
    if (end > 0 && Number.isFinite(value)) told(line.slice(0, end), value);
  }
}

/** What a series' text means; null for a bucket or quantile of a distribution, and for what cannot be read. */
export function readingOf(series: string, kinds: ReadonlyMap<string, string>): Reading | null {
  const match = LINE.exec(series);
  if (match === null) return null;
  const [, name = '', inside = ''] = match;
  const labels: Record<string, string> = {};
  for (const [, label = '', value = ''] of inside.matchAll(LABEL)) labels[label] = unescaped(value);
  const part = /^(.*)_(bucket|sum|count)$/.exec(name);
  const whole = part === null ? undefined : kinds.get(part[1] ?? '');
  if (whole === 'histogram' || whole === 'summary')
    return part?.[2] === 'bucket' ? null : { name, labels, kind: 'counter' };
  if ('quantile' in labels) return null;
  return { name, labels, kind: kinds.get(name) === 'counter' ? 'counter' : 'gauge' };
}

const unescaped = (value: string) => value.replace(/\\(.)/g, (_, what) => (what === 'n' ? '\n' : what));
