import { Agent, get } from 'node:http';
import { real } from '../common/lab-speed.ts';
import type { Column, MetricColumns } from './metric-columns.ts';
import type { FigureSource } from './metric-probe.ts';
import { readingOf, readMetrics } from './prometheus-text.ts';
import type { RunClock } from './run-clock.ts';

/** Where an instance's metrics are. */
export interface InstanceTarget {
  name: string;
  host: string;
  port: number;
}

const PREFIX = 'app_';
/** Worth a plot though they are not the application's own. */
const ALSO = new Set([
  'process_resident_memory_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_eventloop_lag_seconds',
]);
const WITHIN_MS = real(1000);
const MOST_BYTES = 1024 * 1024;

/** The figures of one instance's `GET /metrics`. */
export function instanceFigures(
  target: InstanceTarget,
  columns: MetricColumns,
  clock: RunClock,
): FigureSource {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const kinds = new Map<string, string>();
  const known = new Map<string, Column | null>();
  let isAfterGap = true;
  const columnOf = (series: string): Column | null => {
    const reading = readingOf(series, kinds);
    if (reading === null) return null;
    const { instance: _, ...labels } = reading.labels;
    const { kind } = reading;
    const name = reading.name.startsWith(PREFIX) ? reading.name.slice(PREFIX.length) : reading.name;
    return columns.column({ source: target.name, name, labels, kind });
  };
  return {
    async ask() {
      const text = await metricsOf(target, agent);
      const at = clock.now();
      if (text !== null)
        readMetrics(text, kinds, (series, value) => {
          if (!series.startsWith(PREFIX) && !ALSO.has(nameOf(series))) return;
          if (!known.has(series)) known.set(series, columnOf(series));
          known.get(series)?.add(at, value, isAfterGap);
        });
      isAfterGap = text === null;
    },
    async close() {
      agent.destroy();
    },
  };
}

const nameOf = (series: string) => series.split('{', 1)[0] ?? '';

/** The answer's text; null from an instance that is down, too slow, or says too much. */
function metricsOf({ host, port }: InstanceTarget, agent: Agent): Promise<string | null> {
  return new Promise((resolve) => {
    const late = setTimeout(() => request.destroy(), WITHIN_MS);
    const end = (text: string | null) => {
      clearTimeout(late);
      resolve(text);
    };
    const request = get({ host, port, path: '/metrics', agent }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) request.destroy();
        else chunks.push(chunk);
      });
      response.on('error', () => end(null));
      response.on('close', () => end(null));
      response.on('end', () =>
        end(response.statusCode === 200 && bytes <= MOST_BYTES ? Buffer.concat(chunks).toString() : null),
      );
    });
    request.on('error', () => end(null));
  });
}
