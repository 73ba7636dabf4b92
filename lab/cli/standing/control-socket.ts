import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { withLock } from '../../tools/lock.ts';
import { tryLab } from './ask-lab.ts';
import type { Question } from './control-protocol.ts';
import { lineFrom } from './line-from.ts';
import { socketPath, standingDirectory } from './socket-path.ts';

/** The socket over which other commands of the same user reach a standing lab. */
export interface ControlSocket {
  /** Stops listening, and removes the socket. Questions that are still open are answered first. */
  close(): Promise<void>;
}

/**
 * Takes the name for this lab and listens. `answer` may throw; who asked then gets no answer. UsageError when a lab of this
 * name stands already; the socket that a killed one left behind is taken over.
 */
export async function controlSocket(
  name: string,
  answer: (question: Question) => Promise<unknown>,
): Promise<ControlSocket> {
  const socket = socketPath(name);
  // Of two labs that find the same left-behind socket one has to be first.
  return withLock(path.join(standingDirectory(), `${name}.lock`), async () => {
    const other = await tryLab(name, { ask: 'status' });
    if (other !== null)
      throw new UsageError(
        `a lab called ${JSON.stringify(name)} stands already (process ${other.pid}, ${other.address}): end it by lab down${name === 'lab' ? '' : ` --name ${name}`}, or take another --name`,
      );
    rmSync(socket, { force: true });
    const underWay = new Set<Promise<void>>();
    const server = createServer((connection) => {
      const served = serve(connection, answer);
      underWay.add(served);
      void served.then(() => underWay.delete(served));
    });
    await listening(server, socket);
    chmodSync(socket, 0o600);
    return {
      async close() {
        server.close();
        rmSync(socket, { force: true });
        await Promise.all(underWay);
      },
    };
  });
}

function listening(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
}

async function serve(connection: Socket, answer: (question: Question) => Promise<unknown>): Promise<void> {
  connection.on('error', () => {});
  try {
    const line = await lineFrom(connection);
    if (line !== null) connection.end(`${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);
  } catch {
    // Who asked has gone, or asked what no command asks: there is nobody to tell.
    connection.destroy();
  }
}
