import type { AppContext } from '../context.ts';
import type { WriteBuffer } from './write-buffer.ts';

/**
 * Flushes the buffer every so often, one flush at a time, and once more when the application closes. A flush that
 * fails is repeated with the next one.
 */
export function flushRegularly(
  buffer: WriteBuffer,
  everyMs: number,
  { onClose, log }: Pick<AppContext, 'onClose' | 'log'>,
): void {
  let underWay: Promise<void> | null = null;
  const flush = (): Promise<void> => {
    underWay ??= buffer
      .flush()
      .catch((error: unknown) =>
        log.warn({ reason: String(error) }, 'writing behind failed, will be repeated'),
      )
      .finally(() => {
        underWay = null;
      });
    return underWay;
  };
  const timer = setInterval(() => void flush(), everyMs).unref();
  onClose(async () => {
    clearInterval(timer);
    await underWay;
    await flush();
  });
}
