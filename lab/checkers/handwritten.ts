import { historyStore } from '../history/history-store.ts';
import type {
  FaultWindow,
  LabEvent,
  NodeSample,
  Observations,
  RoleSpan,
  SlotMember,
  SlotView,
  SlotViews,
} from '../history/observations.ts';
import type { ClientInfo, FinalRead, Operation, Outcome } from '../history/operation.ts';
import type { CheckInput } from './checker.ts';

/** A test's history in a few lines. Clients are made from the operations; times in ms, nodes `p` and `r`. */
export interface Handwritten {
  operations?: readonly Operation[];
  finals?: readonly FinalRead[];
  clients?: readonly ClientInfo[];
  seen?: Partial<Observations>;
}

/** What the checkers see of it: a run of 1000 ms, of which all is load, and in which `p` is primary at first. */
export function handwritten({ operations = [], finals = [], clients, seen = {} }: Handwritten): CheckInput {
  const names = [...new Set(operations.map(({ client }) => client))];
  const store = historyStore(clients ?? names.map((name) => ({ name, group: 'g', host: 'h' })));
  for (const operation of operations) store.add(operation);
  store.finalReads.push(...finals);
  return {
    history: store,
    seen: {
      durationMs: 1000,
      nodes: ['p', 'r'],
      roles: [role('p', 'primary', 0, 1000), role('r', 'replica', 0, 1000)],
      events: [],
      faults: [],
      samples: [],
      loadWindow: { from: 0, to: 1000 },
      ...seen,
    },
  };
}

/** `op('add', 7, 100)`: client c added 7 to key k, from 99 to 100 ms, and p said ok. */
export function op(
  f: string,
  value: number | null,
  completed: number,
  rest: Partial<Operation> & { outcome?: Outcome } = {},
): Operation {
  const node = rest.outcome === undefined || rest.outcome === 'ok' ? 'p' : null;
  const fixed = { client: 'c', key: 'k', outcome: 'ok' as const, node, error: null };
  return { f, value, completed, invoked: completed - 1, ...fixed, ...rest };
}

export function final(subject: FinalRead['subject'], values: readonly number[], key = 'k'): FinalRead {
  return { subject, key, node: 'r', at: 990, values };
}

export function promotion(node: string, at: number): LabEvent {
  return { at, source: node, kind: 'promotion', text: 'MASTER MODE enabled' };
}

export function started(node: string, at: number, data: 'lost' | 'kept'): LabEvent {
  return {
    at,
    source: 'lab',
    kind: 'process',
    text: `${node} started`,
    data: { node, action: 'start', data },
  };
}

export function role(node: string, name: RoleSpan['role'], from: number, to: number): RoleSpan {
  return { node, role: name, from, to };
}

export function fault(
  targets: readonly string[],
  injectedAt: number,
  healedAt: number | null = null,
): FaultWindow {
  const provedAt = injectedAt + 1;
  const end = { healedAt, recoveredAt: healedAt };
  return { id: 'cut-1', name: 'cut', text: 'cut', targets, injectedAt, provedAt, ...end, proof: 'silence' };
}

export function sample(at: number, info: Record<string, number>, node = 'p'): NodeSample {
  const rest = { offset: 0, ackedOffset: 0, replicas: 1, linkUp: null, primary: null };
  return { at, node, role: 'primary', ...rest, info };
}

/** How a cluster's primary is seen: `owner('p', '0-99', 1)`; with flags, or as it is while a slot moves. */
export function owner(
  node: string,
  slots: string,
  epoch: number,
  rest: Partial<SlotMember> = {},
): SlotMember {
  return { node, role: 'primary', primary: null, epoch, slots, moving: '', flags: '', ...rest };
}

/** How a cluster's replica is seen. */
export function replica(node: string, primary: string, epoch: number, flags = ''): SlotMember {
  return { node, role: 'replica', primary, epoch, slots: '', moving: '', flags };
}

/** A cluster's views: `[at, node, what it says of everybody]`, with `'fail'` behind it where its cluster is down. */
export function slotViews(
  ...told: readonly (readonly [number, string, readonly SlotMember[], ('ok' | 'fail')?])[]
): SlotViews {
  const members: SlotMember[] = [];
  const placeOf = (one: SlotMember) => {
    const known = members.findIndex((each) => JSON.stringify(each) === JSON.stringify(one));
    return known < 0 ? members.push(one) - 1 : known;
  };
  const views = told.map(
    ([at, node, said, state = 'ok']): SlotView => ({ at, node, state, epoch: 1, members: said.map(placeOf) }),
  );
  return { members, views };
}
