import type { AuditedKey, MemoryAudit } from './memory-audit.ts';

/** An audit for people. Keys are shown without control characters, and shortened. */
export function auditTable(audit: MemoryAudit): string {
  const { server, withoutTtl } = audit;
  const limit = server.maxBytes === null ? 'no maxmemory' : `of ${size(server.maxBytes)}`;
  return [
    `${audit.keys} keys, ${size(audit.bytes)} in keys`,
    `server: ${size(server.usedBytes)} used (${limit}, ${server.policy}), ${size(server.residentBytes)} resident, fragmentation ${server.fragmentation}`,
    '',
    ...table(
      ['owner', 'keys', 'memory', 'without TTL'],
      audit.owners.map((each) => [each.owner, String(each.keys), size(each.bytes), String(each.withoutTtl)]),
    ),
    '',
    ...table(['largest keys', 'owner', 'memory', 'TTL'], audit.largest.map(row)),
    '',
    ...(withoutTtl.keys === 0
      ? ['every key has a TTL']
      : table([`without TTL (${withoutTtl.keys})`, 'owner', 'memory', 'TTL'], withoutTtl.largest.map(row))),
  ].join('\n');
}

const row = ({ key, owner, bytes, ttlMs }: AuditedKey) => [
  shown(key),
  shown(owner),
  size(bytes),
  ttlMs === null ? 'none' : `${Math.round(ttlMs / 1000)} s`,
];

function shown(key: string): string {
  // Whoever names a key must not write to the terminal of who looks at it.
  const plain = key.replace(/\p{C}/gu, '�');
  return plain.length <= 60 ? plain : `${plain.slice(0, 59)}…`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
