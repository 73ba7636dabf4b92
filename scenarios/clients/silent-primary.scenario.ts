import { defineScenario, faults } from 'failover-lab';
import { attentiveSettings } from './attentive.ts';
import { hungPrimary } from './hung-primary.ts';

export default defineScenario({
  name: 'silent-primary',
  title: 'The network drops every packet of the primary',
  claim:
    'When packets to the primary vanish without a reset, clients with default settings hold on to connections that nobody answers, while the new primary has long been elected.',
  variants: {
    vulnerable: 'ioredis as installed: no command timeout, no failover detection.',
    hardened: 'Timeouts on connections, commands and sockets, and failover detection through Sentinel.',
  },
  advice:
    'As for a frozen primary: failoverDetector: true, commandTimeout, socketTimeout and connectTimeout. TCP alone gives up on an unanswered connection only after about 15 minutes (tcp_retries2).',
  settings: [...attentiveSettings],
  experiment: (context) => hungPrimary(context, faults.isolate('primary', { by: 'packets' })),
});
