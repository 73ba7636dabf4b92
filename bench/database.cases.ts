import { once } from 'node:events';
import type { Case } from '../lab/hosts/test-cases.ts';
import { shop } from '../lab/services/shop.ts';
import { database } from '../lab/services/test-database.ts';

const STARTS = 7;

export const cases: Readonly<Record<string, Case>> = {
  /** The shop's database, prepared once and then started from the template: prints the ms of each start. */
  'starts again and again': async (context) => {
    const { node, start } = await database(context, shop);
    await start('lost');
    for (let i = 0; i < STARTS; i++) {
      node.process?.signal('SIGTERM');
      await node.process?.exited;
      console.log(String(await start('lost')));
    }
    console.log('done');
    await once(process.stdin, 'data');
  },
};
