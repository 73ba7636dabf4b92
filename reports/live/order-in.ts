import type { IncomingMessage } from 'node:http';
import type { Order } from '../../lab/run/order.ts';

const MOST_BYTES = 10_000;

/** The order in a request's body; null where it holds none. */
export async function orderIn(request: IncomingMessage): Promise<Order | null> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MOST_BYTES) return null;
  }
  try {
    return orderOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function orderOf(value: unknown): Order | null {
  const { do: what, words, id } = (value ?? {}) as Record<string, unknown>;
  if (what === 'heal' && (id === null || typeof id === 'string')) return { do: what, id };
  if (what !== 'inject' || !Array.isArray(words) || !words.every((word) => typeof word === 'string'))
    return null;
  return { do: what, words };
}
