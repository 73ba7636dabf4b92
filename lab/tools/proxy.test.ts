import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { downloadText } from './download.ts';
import { useProxy } from './proxy.ts';
import { releaseServer } from './release-server.ts';

it('downloads through the proxy that the environment names', async () => {
  const server = await releaseServer({ file: 'content' });
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, client) => {
    asked.push(request.url ?? '');
    const upstream = connect(Number(new URL(server.base).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    // Either end may go first when the test ends.
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;

  useProxy({});
  await expect(downloadText('http://releases.invalid/file', { connectTimeoutMs: 20_000 })).rejects.toThrow();
  expect(asked).toEqual([]);

  useProxy({ HTTP_PROXY: `http://127.0.0.1:${port}` });
  expect(await downloadText('http://releases.invalid/file', { connectTimeoutMs: 20_000 })).toBe('content');
  expect(asked).toEqual(['releases.invalid:80']);

  await server.close();
  proxy.closeAllConnections();
  proxy.close();
});
