/** A line of `CLUSTER NODES`: a node as another one has it. https://redis.io/docs/latest/commands/cluster-nodes/ */
export interface ClusterNodesLine {
  /** 40 hexadecimal digits. */
  id: string;
  /** The address that it announces; empty with the flag `noaddr`. */
  ip: string;
  port: number;
  /** `myself`, `master`, `slave`, `fail?`, `fail`, `handshake`, `noaddr`, `nofailover`. */
  flags: readonly string[];
  /** Id of the primary that it replicates; null for a primary. */
  primaryId: string | null;
  configEpoch: number;
  /** Whether the answering node has a connection to it; to itself always. */
  linked: boolean;
  /** Runs of slots that it owns, both ends included. */
  slots: readonly (readonly [from: number, to: number])[];
  /** Slots on the move, which a node says of itself alone: to the node of this id, or from it. */
  moving: readonly { slot: number; direction: 'to' | 'from'; id: string }[];
}

/** What `CLUSTER NODES` says. Lines that it cannot read are left out. */
export function clusterNodesOf(text: string): ClusterNodesLine[] {
  return text.split('\n').flatMap((line) => {
    const [id = '', address = '', flags = '', primary = '', , , epoch = '', link = '', ...slots] = line
      .trim()
      .split(' ');
    if (link === '') return [];
    const [, ip = '', port = ''] = /^(.*?):(\d+)(@|,|$)/.exec(address) ?? [];
    return [
      {
        id,
        ip,
        port: Number(port),
        flags: flags.split(','),
        primaryId: primary === '-' ? null : primary,
        configEpoch: Number(epoch),
        linked: link === 'connected',
        slots: slots.filter((one) => !one.startsWith('[')).map(runOf),
        moving: slots.flatMap(movingOf),
      },
    ];
  });
}

function runOf(text: string): readonly [number, number] {
  const [from = '', to = from] = text.split('-');
  return [Number(from), Number(to)];
}

/** `[93->-id]` goes to the node, `[93-<-id]` comes from it. */
function movingOf(text: string): ClusterNodesLine['moving'][number][] {
  const [, slot, arrow, id = ''] = /^\[(\d+)-([<>])-(\w+)\]$/.exec(text) ?? [];
  if (slot === undefined) return [];
  return [{ slot: Number(slot), direction: arrow === '>' ? 'to' : 'from', id }];
}
