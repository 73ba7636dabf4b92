import { describe, expect, test } from 'vitest';
import type { Operation } from '../history/operation.ts';
import { fault, type Handwritten, handwritten, op, promotion, role, sample, started } from './handwritten.ts';
import { sessions } from './sessions.ts';

const check = (input: Handwritten, options = {}) => sessions(options).check(handwritten(input));

type Rest = Partial<Operation>;
const login = (at: number, rest: Rest = {}) => op('login', 7, at, { key: 's7.1', node: 'app-1', ...rest });
const visit = (at: number, rest: Rest = {}) => op('visit', 7, at, { key: 's7.1', node: 'app-1', ...rest });
const refused = (at: number, rest: Rest = {}) =>
  visit(at, { value: null, outcome: 'fail', error: 'http 401', ...rest });
const logout = (at: number, rest: Rest = {}) => op('logout', 7, at, { key: 's7.1', ...rest });
/** Another session, of which nothing went wrong. */
const other = (operations: Operation[]) => operations.map((one) => ({ ...one, key: 's8.1', value: 8 }));

describe('verdict', () => {
  test('valid when every session lives from its login to its logout', () => {
    const operations = [login(10), visit(20), visit(30), logout(40), refused(50)];
    const { verdict, figures, findings } = check({ operations });
    expect(verdict).toBe('valid');
    expect(figures).toMatchObject({ logins: 1, sessions: 1, visits: 2, refusals: 1, logouts: 1 });
    expect(figures).toMatchObject({ unexpectedLogouts: 0, longestAcceptedAfterRevokeMs: 0, mixedUp: 0 });
    expect(findings).toEqual([]);
  });

  test('unknown without an acknowledged login, or without an answered visit', () => {
    const unsure = { outcome: 'info', error: 'timeout' } as const;
    expect(check({ operations: [login(10, unsure), refused(20)] }).verdict).toBe('unknown');
    const away = { outcome: 'fail', error: 'http 503' } as const;
    expect(check({ operations: [login(10), visit(20, away)] }).verdict).toBe('unknown');
  });

  test('only what is asked for decides', () => {
    const operations = [login(10), refused(20)];
    expect(check({ operations }).verdict).toBe('invalid');
    const others = check({ operations }, { properties: ['revoked', 'mixed-up'] });
    expect(others).toMatchObject({ verdict: 'valid', figures: { unexpectedLogouts: 1 } });
    expect(() => sessions({ properties: ['nonsense'] })).toThrow(/nonsense/);
    expect(() => sessions({ ttl: 5 })).toThrow(/ttl/);
  });

  test('only the group counts', () => {
    const clients = ['c', 'd'].map((name) => ({ name, group: name, host: 'h' }));
    const operations = [login(10), refused(20), ...other([login(10), visit(20)])].map((one, i) =>
      i < 2 ? one : { ...one, client: 'd' },
    );
    expect(check({ operations, clients }, { group: 'd' }).verdict).toBe('valid');
    expect(check({ operations, clients }, { group: 'c' }).verdict).toBe('invalid');
  });
});

describe('unexpected logouts', () => {
  test('one session is logged out once, however often it is refused', () => {
    const { figures, findings } = check({ operations: [login(10), refused(20), refused(30)] });
    expect(figures).toMatchObject({ unexpectedLogouts: 1, loggedOutUsers: 1, refusals: 2 });
    expect(figures).toMatchObject({ firstLogoutAtMs: 19, lastLogoutAtMs: 19 });
    expect(findings).toMatchObject([{ at: 19, kind: 'logout', key: 's7.1', node: 'app-1', value: 7 }]);
  });

  test('how long after a fault the last login came that was lost', () => {
    const faults = [fault(['p'], 300), fault(['p'], 400)];
    const before = [login(200), refused(600)];
    const lastOf = (operations: Operation[]) =>
      check({ operations, seen: { faults } }).figures.lastLostLoginAfterFaultMs;
    expect(lastOf(before)).toBe(0);
    expect(lastOf([...before, ...other([login(450), refused(700)])])).toBe(50);
    // It was there all the time.
    expect(lastOf([...before, ...other([login(450), refused(700), visit(800)])])).toBe(0);
  });

  test.each([
    ['before the login was acknowledged', [login(10), refused(12, { invoked: 9 }), visit(20)]],
    ['beside a logout', [login(10), visit(15), refused(30, { invoked: 22 }), logout(28, { invoked: 25 })]],
    [
      'after a logout of unknown outcome',
      [login(10), visit(12), logout(28, { outcome: 'info' }), refused(40)],
    ],
    ['after a revoke', [login(10), visit(12), { ...logout(28), f: 'revoke' }, refused(40)]],
    [
      'of a login of unknown outcome',
      [login(10, { outcome: 'info' }), refused(20), ...other([login(10), visit(20)])],
    ],
  ])('a refusal %s is none', (_, operations) => {
    expect(check({ operations })).toMatchObject({ verdict: 'valid', figures: { unexpectedLogouts: 0 } });
  });

  test('a logout that certainly did not happen excuses nothing', () => {
    const failed = logout(28, { outcome: 'fail', error: 'http 503' });
    expect(check({ operations: [login(10), failed, refused(40)] }).figures.unexpectedLogouts).toBe(1);
  });
});

describe('causes', () => {
  const causeOf = (input: Handwritten) => {
    const { byCause } = check(input).figures;
    return Object.entries(byCause as Record<string, number>).filter(([, count]) => count > 0);
  };
  const failover = {
    events: [promotion('r', 500)],
    roles: [role('p', 'primary', 0, 500), role('r', 'replica', 0, 500), role('r', 'primary', 500, 1000)],
  };

  test('found again later: it was read from a replica that did not have it yet', () => {
    expect(causeOf({ operations: [login(10), refused(12), visit(30)] })).toEqual([['replica-lag', 1]]);
  });

  test('in the unreplicated tail of a primary', () => {
    const operations = [...other([login(400), visit(600)]), login(490), visit(495), refused(600)];
    expect(causeOf({ operations, seen: failover })).toEqual([['unreplicated', 1]]);
  });

  test('not in the tail, when a later login survived', () => {
    const operations = [login(400), refused(600), ...other([login(490), visit(600)])];
    expect(causeOf({ operations, seen: failover })).toEqual([['unexplained', 1]]);
  });

  test('acknowledged by a primary that another had replaced, and accepted by it for a while', () => {
    const roles = [
      role('p', 'primary', 0, 700),
      role('r', 'replica', 0, 500),
      role('r', 'primary', 500, 1000),
    ];
    const operations = [login(600), visit(650), refused(800), ...other([login(400), visit(650), visit(800)])];
    expect(causeOf({ operations, seen: { ...failover, roles } })).toEqual([['minority-primary', 1]]);
    // What the deposed primary still showed proves no survival.
    const tail = [login(490), refused(800), ...other([login(495), visit(650)])];
    expect(causeOf({ operations: tail, seen: { ...failover, roles } })).toEqual([['unreplicated', 1]]);
  });

  test('wiped by a restart without data', () => {
    const seen = { events: [started('p', 500, 'lost')] };
    const operations = [login(100), visit(200), refused(600), ...other([login(550), visit(600)])];
    expect(causeOf({ operations, seen })).toEqual([['wiped', 1]]);
  });

  test('wiped by an old primary that came back empty, before the failover brought the data back', () => {
    const expired = [0, 100, 200, 600].map((at, i) => sample(at, { expired_keys: i === 3 ? 5 : 0 }, 'r'));
    const seen = {
      events: [started('p', 400, 'lost'), promotion('r', 700)],
      roles: [
        role('p', 'primary', 0, 300),
        role('p', 'down', 300, 400),
        role('p', 'primary', 400, 900),
        role('r', 'replica', 0, 700),
        role('r', 'primary', 700, 1000),
      ],
      samples: expired,
    };
    const survivor = other([login(90), visit(200), visit(950)]);
    const operations = [login(100), visit(200), refused(500), ...survivor];
    expect(causeOf({ operations, seen })).toEqual([['wiped', 1]]);
    // A node that came back as a replica answers nobody, and one that came back later did not answer this.
    const roles = [role('p', 'replica', 400, 1000), role('r', 'primary', 300, 1000)];
    expect(causeOf({ operations, seen: { ...seen, roles } })).toEqual([['expired-early', 1]]);
    const early = [login(100), visit(200), refused(350), ...survivor];
    expect(causeOf({ operations: early, seen })).toEqual([['expired-early', 1]]);
  });

  test('evicted, or expired early, when the counter rose in between and not when it rose before', () => {
    const samples = (counter: string) =>
      [0, 100, 200, 300].map((at, i) => sample(at, { [counter]: i >= 2 ? 5 : 0 }));
    const operations = [login(90), visit(150), refused(250)];
    expect(causeOf({ operations, seen: { samples: samples('evicted_keys') } })).toEqual([['evicted', 1]]);
    expect(causeOf({ operations, seen: { samples: samples('expired_keys') } })).toEqual([
      ['expired-early', 1],
    ]);
    const later = [login(90), visit(250), refused(290)];
    expect(causeOf({ operations: later, seen: { samples: samples('evicted_keys') } })).toEqual([
      ['unexplained', 1],
    ]);
  });

  test('flushed', () => {
    const faults = [{ ...fault(['p'], 200), name: 'flush-all' }];
    const operations = [login(90), visit(150), refused(250)];
    expect(causeOf({ operations, seen: { faults } })).toEqual([['flushed', 1]]);
    const refusedIt = faults.map((one) => ({ ...one, refusedBy: ['p'] }));
    expect(causeOf({ operations, seen: { faults: refusedIt } })).toEqual([['unexplained', 1]]);
  });

  test('flushed while the fault was being proved, after the last visit that found it', () => {
    const faults = [{ ...fault(['p'], 200), name: 'flush', provedAt: 220 }];
    const operations = [login(90), visit(206), refused(250)];
    expect(causeOf({ operations, seen: { faults } })).toEqual([['flushed', 1]]);
  });
});

describe('after a logout', () => {
  const operations = [login(10), visit(20), logout(40), visit(70)];

  test('accepted is invalid, and how late is told', () => {
    const { verdict, figures, findings, summary } = check({ operations });
    expect(verdict).toBe('invalid');
    expect(figures).toMatchObject({ revokedAccepted: 1, longestAcceptedAfterRevokeMs: 29, resurrected: 0 });
    expect(findings).toMatchObject([{ kind: 'revoked', cause: 'revoked-accepted', at: 69 }]);
    expect(summary).toContain('29.0 ms');
  });

  test('within the stated staleness it is as it should be, and still told', () => {
    expect(check({ operations }, { staleMs: 29 })).toMatchObject({
      verdict: 'valid',
      figures: { revokedAccepted: 0, longestAcceptedAfterRevokeMs: 29 },
    });
    expect(check({ operations }, { staleMs: 28 }).verdict).toBe('invalid');
  });

  test('a visit begun before the logout was acknowledged may be answered either way', () => {
    expect(check({ operations: [login(10), logout(40), visit(70, { invoked: 39 })] }).verdict).toBe('valid');
  });

  test('refused and then accepted again: resurrected', () => {
    const back = [login(10), logout(40), refused(50), visit(60), visit(70)];
    const { figures, findings } = check({ operations: back });
    expect(figures).toMatchObject({ revokedAccepted: 2, resurrected: 1 });
    expect(findings.filter(({ cause }) => cause === 'resurrected')).toMatchObject([{ at: 59 }]);
  });
});

test('another user’s answer is never right', () => {
  const { verdict, figures, findings } = check({ operations: [login(10), visit(20, { value: 8 })] });
  expect(verdict).toBe('invalid');
  expect(figures.mixedUp).toBe(1);
  expect(findings).toMatchObject([{ kind: 'mixed-up', text: expect.stringContaining('user 8') }]);
});

describe('time to live', () => {
  const options = { ttlMs: 100, epsilonMs: 5 };

  test('each use begins it anew; a refusal after it is right', () => {
    const operations = [login(10), visit(100), visit(195), refused(301)];
    expect(check({ operations }, options)).toMatchObject({
      verdict: 'valid',
      figures: { unexpectedLogouts: 0 },
    });
  });

  test('refused before it is a logout', () => {
    expect(check({ operations: [login(10), visit(100), refused(190)] }, options).figures).toMatchObject({
      unexpectedLogouts: 1,
    });
  });

  test('accepted after it is invalid, but for a use of unknown outcome in between', () => {
    const late = check({ operations: [login(10), visit(100), visit(210)] }, options);
    expect(late).toMatchObject({
      verdict: 'invalid',
      figures: { acceptedAfterTtl: 1, longestOverdueMs: 109 },
    });
    const unsure = visit(150, { outcome: 'info', error: 'timeout' });
    expect(check({ operations: [login(10), visit(100), unsure, visit(210)] }, options).verdict).toBe('valid');
    expect(check({ operations: [login(10), visit(100), visit(204)] }, options).verdict).toBe('valid');
  });

  test('overlapping visits in any order of recording', () => {
    const operations = [login(10), visit(60, { invoked: 30 }), visit(50, { invoked: 20 }), refused(125)];
    expect(check({ operations }, options).figures.unexpectedLogouts).toBe(0);
    expect(check({ operations: [...operations, refused(126)] }, options).figures.unexpectedLogouts).toBe(0);
    expect(check({ operations: [...operations, refused(124)] }, options).figures.unexpectedLogouts).toBe(1);
  });
});
