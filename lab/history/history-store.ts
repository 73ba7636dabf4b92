import type { ClientInfo, FinalRead, History, Operation, Outcome } from './operation.ts';

/**
 * A history in memory: columns of typed arrays in blocks, texts kept once. 45 bytes an operation, so 1,200,000
 * operations take about 55 MB, and growing never copies. Iterating makes plain Operation objects one by one.
 */
export interface HistoryStore extends History {
  readonly clients: ClientInfo[];
  readonly finalReads: FinalRead[];
  /** Adds an operation; its client has to be in `clients`. Throws RangeError when it is not. */
  add(operation: Operation): void;
  /** The fast way in: client by index, texts by their index from `intern` (null is 0). */
  addRow(
    client: number,
    f: number,
    key: number,
    value: number | null,
    invoked: number,
    completed: number,
    outcome: number,
    node: number,
    error: number,
    redirects?: number,
    redirectedBy?: number,
  ): void;
  /** The index of a text; the same text always has the same. */
  intern(text: string): number;
}

/** Outcomes by their index in `addRow`. */
export const outcomes: readonly Outcome[] = ['ok', 'fail', 'info'];

const blockBits = 14;
const blockRows = 1 << blockBits;

interface Block {
  client: Uint32Array;
  f: Uint32Array;
  key: Uint32Array;
  value: Float64Array;
  invoked: Float64Array;
  completed: Float64Array;
  outcome: Uint8Array;
  node: Uint32Array;
  error: Uint32Array;
  /** Only where an operation of the block was sent on. */
  redirects: Uint16Array | null;
  /** Texts by their index; beside `redirects`. */
  redirectedBy: Uint32Array | null;
}

/** An empty history, or one with these clients. */
export function historyStore(clients: readonly ClientInfo[] = []): HistoryStore {
  const blocks: Block[] = [];
  let length = 0;
  // Index 0 stands for null.
  const texts: string[] = [''];
  const indexOfText = new Map<string, number>();
  const table = [...clients];
  const indexOfClient = new Map(table.map((client, index) => [client.name, index]));

  const intern = (text: string): number => {
    let index = indexOfText.get(text);
    if (index === undefined) {
      index = texts.push(text) - 1;
      indexOfText.set(text, index);
    }
    return index;
  };

  const clientIndex = (name: string): number => {
    const known = indexOfClient.get(name);
    if (known !== undefined) return known;
    const index = table.findIndex((client) => client.name === name);
    if (index < 0) throw new RangeError(`expected a client of the history, got ${JSON.stringify(name)}`);
    indexOfClient.set(name, index);
    return index;
  };

  const addRow: HistoryStore['addRow'] = (
    client,
    f,
    key,
    value,
    invoked,
    completed,
    outcome,
    node,
    error,
    redirects = 0,
    redirectedBy = 0,
  ) => {
    const at = length & (blockRows - 1);
    if (at === 0) blocks.push(newBlock());
    const block = blocks[length >>> blockBits] as Block;
    block.client[at] = client;
    block.f[at] = f;
    block.key[at] = key;
    // NaN stands for null.
    block.value[at] = value === null ? Number.NaN : value;
    block.invoked[at] = invoked;
    block.completed[at] = completed;
    block.outcome[at] = outcome;
    block.node[at] = node;
    block.error[at] = error;
    if (redirects > 0) {
      block.redirects ??= new Uint16Array(blockRows);
      block.redirects[at] = redirects;
      block.redirectedBy ??= new Uint32Array(blockRows);
      block.redirectedBy[at] = redirectedBy;
    }
    length++;
  };

  function* iterate(): Generator<Operation> {
    const names = () => table.map((client) => client.name);
    let clientNames = names();
    for (let row = 0; row < length; row++) {
      const block = blocks[row >>> blockBits] as Block;
      const at = row & (blockRows - 1);
      const client = block.client[at] as number;
      if (client >= clientNames.length) clientNames = names();
      const value = block.value[at] as number;
      const node = block.node[at] as number;
      const error = block.error[at] as number;
      const redirects = block.redirects === null ? 0 : (block.redirects[at] as number);
      const operation: Operation = {
        client: clientNames[client] ?? `client ${client}`,
        f: texts[block.f[at] as number] as string,
        key: texts[block.key[at] as number] as string,
        value: Number.isNaN(value) ? null : value,
        invoked: block.invoked[at] as number,
        completed: block.completed[at] as number,
        outcome: outcomes[block.outcome[at] as number] as Outcome,
        node: node === 0 ? null : (texts[node] as string),
        error: error === 0 ? null : (texts[error] as string),
      };
      if (redirects > 0) operation.redirects = redirects;
      const by = redirects === 0 ? 0 : (block.redirectedBy?.[at] ?? 0);
      if (by !== 0) operation.redirectedBy = texts[by] as string;
      yield operation;
    }
  }

  return {
    clients: table,
    finalReads: [],
    operations: {
      get length() {
        return length;
      },
      [Symbol.iterator]: iterate,
    },
    intern,
    addRow,
    add: (operation) =>
      addRow(
        clientIndex(operation.client),
        intern(operation.f),
        intern(operation.key),
        operation.value,
        operation.invoked,
        operation.completed,
        outcomes.indexOf(operation.outcome),
        operation.node === null ? 0 : intern(operation.node),
        operation.error === null ? 0 : intern(operation.error),
        operation.redirects,
        operation.redirectedBy === undefined ? 0 : intern(operation.redirectedBy),
      ),
  };
}

function newBlock(): Block {
  return {
    client: new Uint32Array(blockRows),
    f: new Uint32Array(blockRows),
    key: new Uint32Array(blockRows),
    value: new Float64Array(blockRows),
    invoked: new Float64Array(blockRows),
    completed: new Float64Array(blockRows),
    outcome: new Uint8Array(blockRows),
    node: new Uint32Array(blockRows),
    error: new Uint32Array(blockRows),
    redirects: null,
    redirectedBy: null,
  };
}
