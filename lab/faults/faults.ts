import { bandwidth } from './bandwidth.ts';
import { bridge } from './bridge.ts';
import { coordinatedFailover } from './coordinated-failover.ts';
import { crashHost } from './crash-host.ts';
import { cut } from './cut.ts';
import { cutClients } from './cut-clients.ts';
import { debugSleep } from './debug-sleep.ts';
import { flap } from './flap.ts';
import { isolate } from './isolate.ts';
import { kill } from './kill.ts';
import { latency } from './latency.ts';
import { pause } from './pause.ts';
import { reset } from './reset.ts';
import { restart } from './restart.ts';
import { sentinelFailover } from './sentinel-failover.ts';
import { slice } from './slice.ts';
import { split } from './split.ts';
import { terminate } from './terminate.ts';

/** Every fault there is: the one map in which a new one is listed. */
export const faults = {
  kill,
  terminate,
  pause,
  restart,
  crashHost,
  cut,
  isolate,
  split,
  bridge,
  cutClients,
  flap,
  latency,
  bandwidth,
  reset,
  slice,
  debugSleep,
  sentinelFailover,
  coordinatedFailover,
} as const;
