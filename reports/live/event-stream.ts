import type { ServerResponse } from 'node:http';

/** Browsers that listen to one page's server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  /** Begins to answer a listener; `first` is what it gets at once. */
  add(response: ServerResponse, first: { event: string; data: unknown }): void;
  /** Tells all of them. One that is too slow for what it was told before is left out. */
  tell(event: string, data: unknown): void;
  readonly listeners: number;
  close(): void;
}

/** More than this waiting for one listener means that it does not read any more, or not as fast as we tell. */
const MOST_WAITING_BYTES = 2_000_000;
/** A browser that lost us tries again after this. */
const RETRY_MS = 1000;

export function eventStream(): EventStream {
  const responses = new Set<ServerResponse>();
  return {
    add(response, first) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`retry: ${RETRY_MS}\n\n`);
      response.write(textOf(first.event, first.data));
      responses.add(response);
      response.once('close', () => responses.delete(response));
    },
    tell(event, data) {
      if (responses.size === 0) return;
      const text = textOf(event, data);
      for (const response of responses)
        if (response.writableLength < MOST_WAITING_BYTES) response.write(text);
    },
    get listeners() {
      return responses.size;
    },
    close() {
      for (const response of responses) response.end();
    },
  };
}

/** JSON has no line ends of its own, which would end the event. */
function textOf(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
