import type { ServerId } from '../common/server.ts';
import type { ContainersJob } from '../docker/lab-job.ts';
import type { StandingSpec } from '../scenario/standing.ts';
import type { Order } from './order.ts';
import type { TimingName, VariantName } from './record.ts';

/** Everything that one run needs to know; plain data, handed to the process that runs it. */
export interface RunJob {
  /** Absolute path of the scenario's file; empty for a lab that stands without one. */
  file: string;
  /** What stands and is broken by orders (`lab up`). Default: the scenario in the file, with its schedule. */
  standing?: StandingSpec;
  /** The same as it is shown: relative to the working directory where possible. */
  shownFile: string;
  variant: VariantName;
  timing: TimingName;
  seed: number;
  /** Absolute path of the run folder, which exists and is empty. */
  dir: string;
  /** An empty directory over which the run mounts its private tmpfs; in a container, storage in memory that is there already. */
  scratch: string;
  /** Leave everything standing after the run until told to end. */
  keep: boolean;
  /** How many times as fast as real time the lab's time goes; 1 unless the lab has a clock of its own. */
  speed: number;
  /** The library that puts processes on the lab's clock; null where they are on the machine's. */
  clockLibrary: string | null;
  /** The lab's cache, where a prepared database is kept. */
  cache: string;
  tools: {
    redisServer: string;
    toxiproxy: string;
    iptables: string | null;
    ip: string;
    /** null where nobody has the application. */
    application: { postgres: string; k6: string; setpriv?: string } | null;
  };
  /** Which server runs, and which features it was found to have, by their names; null where nobody could ask. */
  server: ServerId & { features: Readonly<Record<string, boolean>> | null };
  /** Versions of the tools, for the record. */
  versions: Readonly<Record<string, string>>;
  /** In a container: what is inside. */
  containers?: ContainersJob;
  commands: { replay: string; check: string };
}

/** What the lab's process is told while it runs, one JSON document a line; the end of its stdin ends it at once. */
export type ToRun =
  | { type: 'stop'; reason: string }
  /** Ends a run that was kept, or the disturb phase of a standing lab, which then heals, settles and is judged. */
  | { type: 'release' }
  /** Asks for a `snapshot`. */
  | { type: 'look' }
  /** To a standing lab; answered by an `answer` of the same number. */
  | { type: 'order'; id: number; order: Order };
