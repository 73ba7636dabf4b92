import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { servers } from '../test-app.ts';
import { auditTable } from './audit-table.ts';
import { auditMemory } from './memory-audit.ts';

test('names the largest of 10,000 keys, their owners and who has no TTL, and never asks KEYS', async () => {
  const { port } = await servers.redis();
  const redis = new Redis(port);
  try {
    const pipeline = redis.pipeline();
    for (let n = 0; n < 5999; n += 1) pipeline.set(`session:{${n}}:x`, 'a', 'EX', 1800);
    for (let n = 0; n < 3000; n += 1) pipeline.set(`cache:{product:${n}}`, 'b', 'PX', 60_000);
    for (let n = 0; n < 999; n += 1) pipeline.set(`limit:{c/${n}}:fw`, '1');
    pipeline.set('session:{17}:0123456789abcdefghijklmn', 'y'.repeat(50_000), 'EX', 1800);
    pipeline.set('stray\u001b[31m', 'x'.repeat(100_000));
    await pipeline.exec();
    await redis.config('RESETSTAT');

    const audit = await auditMemory([redis], { batch: 100, top: 3 });

    expect(audit.keys).toBe(10_000);
    expect(audit.largest).toHaveLength(3);
    expect(audit.largest[0]).toMatchObject({ key: 'stray\u001b[31m', owner: 'other', ttlMs: null });
    expect(audit.largest[0]?.bytes).toBeGreaterThan(100_000);
    // Who holds a session's id is that user.
    expect(audit.largest[1]).toMatchObject({ key: 'session:{17}:0123…', owner: 'sessions' });
    expect(audit.withoutTtl.keys).toBe(1000);
    expect(Object.fromEntries(audit.owners.map((each) => [each.owner, each.keys]))).toEqual({
      other: 1,
      sessions: 6000,
      cache: 3000,
      limits: 999,
    });
    expect(audit.server.usedBytes).toBeGreaterThan(audit.bytes);
    expect(audit.server.fragmentation).toBeGreaterThan(0);
    const commands = await redis.info('commandstats');
    expect(commands).not.toMatch(/cmdstat_keys:/);
    expect(Number(/cmdstat_scan:calls=(\d+)/.exec(commands)?.[1])).toBeGreaterThanOrEqual(90);
    const text = auditTable(audit);
    expect(text).toContain('10000 keys');
    expect(text).not.toContain('\u001b');
  } finally {
    redis.disconnect();
  }
});
