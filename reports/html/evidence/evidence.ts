/** Findings as the page carries them for its list: names stand once, rows hold their places, -1 for none. */
export interface Evidence {
  checks: readonly string[];
  /** `lost`, `logout`. */
  kinds: readonly string[];
  causes: readonly string[];
  clients: readonly string[];
  nodes: readonly string[];
  keys: readonly string[];
  texts: readonly string[];
  /** When (ms since the run's start), then places of check, kind, cause, client, node, key, text, and the id or null. */
  rows: readonly EvidenceRow[];
  /** How many there are in all, of which `rows` are a selection where they are fewer. */
  total: number;
  /** What was decided when, around them: ms since the run's start, and a line. */
  decisions: readonly (readonly [at: number, text: string])[];
  /** What each cause means, by its name. */
  meanings: Readonly<Record<string, string>>;
}

export type EvidenceRow = readonly [
  at: number,
  check: number,
  kind: number,
  cause: number,
  client: number,
  node: number,
  key: number,
  text: number,
  id: number | null,
];

/** A row with its names again. */
export interface EvidenceItem {
  at: number;
  check: string;
  kind: string;
  cause: string;
  client: string;
  node: string;
  key: string;
  /** The check's own line; empty for a lost write, whose row says it all. */
  text: string;
  id: number | null;
}

export function itemOf(evidence: Evidence, row: EvidenceRow): EvidenceItem {
  const [at, check, kind, cause, client, node, key, text, id] = row;
  return {
    at,
    check: evidence.checks[check] ?? '',
    kind: evidence.kinds[kind] ?? '',
    cause: evidence.causes[cause] ?? '',
    client: evidence.clients[client] ?? '',
    node: evidence.nodes[node] ?? '',
    key: evidence.keys[key] ?? '',
    text: evidence.texts[text] ?? '',
    id,
  };
}
