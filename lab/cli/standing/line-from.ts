import type { Socket } from 'node:net';

/** The first line that a connection brings; null when it ends before one is whole. Rejects with the connection's error. */
export async function lineFrom(connection: Socket): Promise<string | null> {
  let text = '';
  connection.setEncoding('utf8');
  for await (const chunk of connection.iterator({ destroyOnReturn: false })) {
    text += chunk;
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  return null;
}
