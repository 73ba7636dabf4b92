import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namespacesSupport } from './namespaces-support.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lab-support-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** An unshare that is allowed, or refused, directly and inside a user namespace. */
function fakeUnshare(may: { direct: boolean; inside: boolean }): string {
  const path = join(directory, 'unshare');
  writeFileSync(
    path,
    `#!/bin/sh
[ "$1" = --user ] && may=${may.inside} || may=${may.direct}
for last in "$@"; do :; done
[ $may = true ] && exec "$last"
echo "unshare: unshare failed: Operation not permitted" >&2
exit 1
`,
  );
  chmodSync(path, 0o755);
  return path;
}

const quiet = { setting: () => undefined, container: false, platform: 'linux' } as const;
const [yes, no] = [true, false];

describe('with an unshare that is', () => {
  it.each([
    ['allowed for root', 0, { direct: yes, inside: yes }, 'root'],
    ['allowed for root in a user namespace only', 0, { direct: no, inside: yes }, 'user'],
    ['allowed for a user', 1000, { direct: no, inside: yes }, 'user'],
    ['refused to root', 0, { direct: no, inside: no }, 'none'],
    ['refused to a user', 1000, { direct: yes, inside: no }, 'none'],
  ] as const)('%s', async (_what, uid, may, mode) => {
    const support = await namespacesSupport({ ...quiet, uid, unshare: fakeUnshare(may) });
    expect(support.mode).toBe(mode);
    expect(support.hint.length > 0).toBe(mode === 'none');
    if (mode === 'none') expect(support.why).toContain('Operation not permitted');
  });
});

it.each([
  [
    'kernel/apparmor_restrict_unprivileged_userns',
    '1',
    'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  ],
  ['user/max_user_namespaces', '0', 'sysctl -w user.max_user_namespaces='],
  ['kernel/unprivileged_userns_clone', '0', 'sysctl -w kernel.unprivileged_userns_clone=1'],
])('hints at %s', async (name, value, hint) => {
  const unshare = fakeUnshare({ direct: false, inside: false });
  const setting = (asked: string) => (asked === name ? value : undefined);
  const support = await namespacesSupport({ ...quiet, uid: 1000, unshare, setting });
  expect(support.hint.join('\n')).toContain(hint);
  const otherwise = await namespacesSupport({ ...quiet, uid: 1000, unshare });
  expect(otherwise.hint.join('\n')).not.toContain(hint);
});

it('hints at a container without privileges', async () => {
  const unshare = fakeUnshare({ direct: false, inside: false });
  const support = await namespacesSupport({ ...quiet, uid: 0, unshare, container: true });
  expect(support.hint).toEqual(['this is a container: start it with --privileged']);
});

it('says so when unshare is missing, or the system is not Linux', async () => {
  const missing = await namespacesSupport({ ...quiet, uid: 0, unshare: join(directory, 'nothing') });
  expect(missing).toMatchObject({ mode: 'none', why: expect.stringContaining('is not there') });
  expect(await namespacesSupport({ platform: 'darwin' })).toMatchObject({ mode: 'none' });
});
