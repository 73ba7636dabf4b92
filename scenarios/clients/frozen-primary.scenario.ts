import { defineScenario, faults } from 'failover-lab';
import { attentiveSettings } from './attentive.ts';
import { hungPrimary } from './hung-primary.ts';

export default defineScenario({
  name: 'frozen-primary',
  title: 'The primary freezes with its connections open',
  claim:
    'When the primary hangs instead of dying, Sentinel fails over in seconds, but clients with default settings go on waiting for the frozen one, long after the servers have recovered.',
  headline: true,
  variants: {
    vulnerable: 'ioredis as installed: no command timeout, no failover detection.',
    hardened: 'Timeouts on connections, commands and sockets, and failover detection through Sentinel.',
  },
  advice:
    'Give ioredis failoverDetector: true, commandTimeout, socketTimeout (longer than your longest blocking command) and connectTimeout. The price: commands that take longer fail, and one more connection to each Sentinel.',
  settings: [...attentiveSettings],
  experiment: (context) => hungPrimary(context, faults.pause('primary')),
});
