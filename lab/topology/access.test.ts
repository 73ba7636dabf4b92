import { describe, expect, it } from 'vitest';
import { casesInSandbox } from '../hosts/test-sandbox.ts';
import { accessDirectives, clientCredentials, labCredentials, sentinelAccess } from './access.ts';

describe('redis.conf', () => {
  it('without passwords stays as it is', () => {
    expect(accessDirectives({ maxmemory: '1mb', requirepass: '' })).toEqual({});
    expect([labCredentials({}), clientCredentials({}), sentinelAccess({})]).toEqual([{}, {}, {}]);
  });

  it('with a password lets replicas, Sentinels, the lab and clients in with it', () => {
    const redis = { requirepass: 'secret' };
    expect(accessDirectives(redis)).toEqual({ masterauth: 'secret' });
    expect(sentinelAccess(redis)).toEqual({ 'auth-pass': 'secret' });
    expect([labCredentials(redis), clientCredentials(redis)]).toEqual([
      { password: 'secret' },
      { password: 'secret' },
    ]);
    expect(accessDirectives({ ...redis, masterauth: 'wrong' })).toEqual({ masterauth: 'wrong' });
  });

  it('with users gets one more for the lab, and clients are the first that may come in', () => {
    const redis = { user: ['default off', 'old off >a', 'shop on >till ~* +@all'] };
    expect(clientCredentials(redis)).toEqual({ username: 'shop', password: 'till' });
    const { username, password } = labCredentials(redis);
    expect(accessDirectives(redis)).toEqual({
      user: [...redis.user, `${username} on >${password} ~* &* +@all`],
      masteruser: username,
      masterauth: password,
    });
    expect(Object.keys(accessDirectives({ ...redis, masteruser: 'shop', masterauth: 'till' }))).toEqual([
      'user',
    ]);
  });
});

await casesInSandbox(new URL('./access.cases.ts', import.meta.url));
