import { messageOf } from '../common/errors.ts';
import { until } from '../common/until.ts';
import { infoOf } from '../topology/info.ts';
import { type Fault, healOnce } from './fault.ts';
import { nodesOf } from './target.ts';

/**
 * A coordinated failover, `FAILOVER` on the primary (Redis ≥ 6.2): it stops writes, waits until a replica has
 * everything, and hands over; nothing is lost. Sentinel follows when it sees the roles.
 * https://redis.io/docs/latest/commands/failover/
 */
export function coordinatedFailover({ timeoutMs = 5000 }: { timeoutMs?: number } = {}): Fault {
  return {
    name: 'coordinated-failover',
    text: 'fail over in a coordinated way (FAILOVER)',
    async inject(surface) {
      const [old] = await nodesOf('primary', surface);
      const [heir] = await nodesOf('a replica', surface);
      if (!old || !heir) throw new RangeError('a failover needs a primary and a replica');
      const [host, port] = heir.announced.split(':');
      await old.control.call('FAILOVER', 'TO', host ?? '', port ?? '', 'TIMEOUT', String(timeoutMs));
      const text = `FAILOVER: ${old.name} → ${heir.name}`;
      const targets = [old.name, heir.name];
      const heal = healOnce(async () => ({ proved: true, text: 'a failover by hand needs no heal' }));
      try {
        await until(
          async () => {
            const [a, b] = await Promise.all(
              [old, heir].map(async (node) => infoOf(await node.control.info('replication'))),
            );
            return a?.role === 'slave' && b?.role === 'master';
          },
          { what: `${old.name} to hand over to ${heir.name}`, withinMs: 2 * timeoutMs },
        );
        return {
          text,
          targets,
          heal,
          proof: { proved: true, text: `${heir.name} is primary and ${old.name} its replica` },
        };
      } catch (error) {
        return { text, targets, heal, proof: { proved: false, text: messageOf(error) } };
      }
    },
  };
}
