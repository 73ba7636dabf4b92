import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { sleep } from '../common/clock.ts';
import type { Case } from './test-cases.ts';

const SERVER = `require('node:net').createServer((s) => s.on('error', () => {}).end(process.argv[1])).listen(7000, '198.18.0.11')`;
const CLIENT = `require('node:net').connect(7000, '198.18.0.11').on('data', (d) => console.log(String(d))).on('error', () => {})`;

/** A lab whose server says the name of the lab's log directory; what its neighbour host hears is noted there. */
async function stand(context: Parameters<Case>[0]): Promise<void> {
  const note = (text: string) => appendFileSync(path.join(context.logs, 'heard'), `${text}\n`);
  const hosts = await context.backend().create([
    { name: 'a', nodeAddresses: ['198.18.0.11'] },
    { name: 'b', nodeAddresses: ['198.18.0.12'] },
  ]);
  const a = hosts.get('a');
  await a?.start({ name: 'server', command: process.execPath, args: ['-e', SERVER, context.logs] });
  // Grandchildren too must end with the sandbox, even such as left their process group.
  await a?.start({ name: 'family', command: '/bin/sh', args: ['-c', 'setsid sleep 600 & wait'] });
  for (;;) {
    note((await hosts.get('b')?.run(process.execPath, ['-e', CLIENT]))?.trim() ?? '');
    await sleep(20);
  }
}

export const cases: Readonly<Record<string, Case>> = { stands: stand };
