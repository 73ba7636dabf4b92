import type { FaultWindow } from '../../history/observations.ts';
import type { Progress } from '../../run/events.ts';
import type { Answer, Order } from '../../run/order.ts';

/** What another command asks of a standing lab over its socket: one JSON document a line, and one in answer. */
export interface Questions {
  status: { asked: { ask: 'status' }; answer: StandingStatus };
  order: { asked: { ask: 'order'; order: Order }; answer: Answer };
  enter: { asked: { ask: 'enter' }; answer: Entrance };
  /** Answered when it has ended. */
  down: { asked: { ask: 'down' }; answer: Ended };
}

export type Question = Questions[keyof Questions]['asked'];
export type AnswerTo<Q extends Question> = Questions[Q['ask']]['answer'];

/** What `lab status` tells. */
export interface StandingStatus {
  name: string;
  /** Of `lab up`. */
  pid: number;
  /** The dashboard. */
  address: string;
  /** The topology in words; empty until it is known. */
  topology: string;
  timing: string;
  /** Lab time per real time. */
  speed: number;
  /** `disturb` is when it stands. */
  phase: string;
  /** ISO 8601, wall clock. */
  startedAt: string;
  /** Milliseconds since then, of lab time. */
  at: number;
  nodes: readonly { name: string; kind: string; host: string; address: string; role: string }[];
  hosts: readonly string[];
  /** In force now, in the order in which they were injected. */
  faults: readonly FaultWindow[];
  /** null before there was any. */
  load: Pick<Progress, 'opsPerSecond' | 'ok' | 'fail' | 'info' | 'lost'> | null;
  /** Where its report will be. */
  folder: string;
}

/** How to enter a host of a standing lab, from outside. */
export type Entrance = {
  /** Host by its own name and by those of its nodes. */
  hosts: Readonly<Record<string, string>>;
} & (
  | {
      backend: 'namespaces';
      /** The sandbox's first process; null where it was not found. */
      pid: string | null;
      mode: 'root' | 'user';
      /** Directory of the hosts' namespaces. */
      namespaces: string;
      /** Where redis-server lies, and with it perhaps redis-cli. */
      tools: string;
    }
  | {
      backend: 'containers';
      /** With which the names of the lab's containers begin; null where it does not stand yet. */
      lab: string | null;
      /** Address of the Docker daemon, for `docker --host`. */
      daemon: string;
      /** The image that has redis-cli. */
      image: string;
      /** As whom its programs run, `uid:gid`; null: as root. */
      user: string | null;
      /** The nodes on each host: the containers that a command can run in. */
      nodes: Readonly<Record<string, readonly string[]>>;
    }
);

/** How a standing lab ended. */
export interface Ended {
  /** Empty when there is none. */
  report: string;
  reason: string;
  failed: boolean;
}
