import { bandwidth } from './bandwidth.ts';
import { bridge } from './bridge.ts';
import { clusterFailover } from './cluster-failover.ts';
import { coordinatedFailover } from './coordinated-failover.ts';
import { crashHost } from './crash-host.ts';
import { cut } from './cut.ts';
import { cutClients } from './cut-clients.ts';
import { debugSleep } from './debug-sleep.ts';
import { deleteSlots } from './delete-slots.ts';
import { driftClock } from './drift-clock.ts';
import { exhaustConnections } from './exhaust-connections.ts';
import { fill } from './fill.ts';
import { flap } from './flap.ts';
import { flush } from './flush.ts';
import { flushAsStranger } from './flush-as-stranger.ts';
import { forget } from './forget.ts';
import { isolate } from './isolate.ts';
import { kill } from './kill.ts';
import { killLeader } from './kill-leader.ts';
import { latency } from './latency.ts';
import { leakConnections } from './leak-connections.ts';
import { moveSlots } from './move-slots.ts';
import { pause } from './pause.ts';
import { reset } from './reset.ts';
import { restart } from './restart.ts';
import { sentinelFailover } from './sentinel-failover.ts';
import { setConfig } from './set-config.ts';
import { slice } from './slice.ts';
import { slowScript } from './slow-script.ts';
import { split } from './split.ts';
import { stepClock } from './step-clock.ts';
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
  slowScript,
  flush,
  flushAsStranger,
  fill,
  exhaustConnections,
  leakConnections,
  setConfig,
  sentinelFailover,
  coordinatedFailover,
  clusterFailover,
  moveSlots,
  forget,
  deleteSlots,
  stepClock,
  driftClock,
  killLeader,
} as const;
