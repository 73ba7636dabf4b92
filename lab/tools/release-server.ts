import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local server of release files for tests. */
export interface ReleaseServer {
  /** The address to use as a mirror. */
  base: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  close(): Promise<void>;
}

/** Serves these files by name; `silent` ones are never answered, `stalled` ones stop in the middle. */
export async function releaseServer(
  files: Readonly<Record<string, string | Buffer | 'silent' | 'stalled'>>,
): Promise<ReleaseServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    asked.push(name);
    const content = files[name];
    if (content === 'silent') return;
    if (content === undefined) {
      response.writeHead(404).end('no such file');
    } else if (content === 'stalled') {
      response.writeHead(200, { 'content-length': '1000' }).write('beginning');
    } else {
      response.writeHead(200, { 'content-length': Buffer.byteLength(content) }).end(content);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
