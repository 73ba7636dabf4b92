import type { AppContext } from '../context.ts';
import type { Broadcast } from '../redis/broadcast.ts';
import type { SessionMetrics } from './session-metrics.ts';

/** Where the stores tell of revoked sessions: their ids with a space between them. */
export const REVOKED_CHANNEL = 'session:revoked';

const RETRY_MS = 100;

/** Sessions that were revoked, and that other instances were not told of: one that keeps them may go on accepting them. */
export class NotTold extends Error {
  constructor(cause: unknown) {
    super(`revoked, but the other instances were not told: ${cause}`, { cause });
    this.name = 'NotTold';
  }
}

/** Tells all instances of revoked sessions. */
export interface Announcements {
  /** What the scripts publish on; '': nothing. */
  readonly scriptChannel: string;
  /** What the scripts did not tell. Rejects with NotTold; it is tried again and again then, until the instance ends. */
  tell(ids: readonly string[]): Promise<void>;
}

export function announcements(
  news: Broadcast,
  metrics: SessionMetrics,
  { onClose }: Pick<AppContext, 'onClose'>,
): Announcements {
  const untold = new Set<string>();
  let isTelling = false;
  const tellAgain = async () => {
    if (isTelling || untold.size === 0) return;
    isTelling = true;
    const ids = [...untold];
    try {
      await news.tell(ids.join(' '));
      for (const id of ids) untold.delete(id);
    } catch {
      // It is still away.
    } finally {
      isTelling = false;
    }
  };
  const timer = setInterval(() => void tellAgain(), RETRY_MS).unref();
  onClose(async () => {
    clearInterval(timer);
    await tellAgain();
  });
  return {
    scriptChannel: news.scriptChannel,
    async tell(ids) {
      if (ids.length === 0) return;
      try {
        await news.tell(ids.join(' '));
      } catch (error) {
        metrics.untold.inc(ids.length);
        for (const id of ids) untold.add(id);
        throw new NotTold(error);
      }
    },
  };
}
