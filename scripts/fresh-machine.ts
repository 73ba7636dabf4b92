/**
 * Tries the README's two commands as a stranger on a fresh machine does: on a clone of what is committed, with
 * empty caches, and without redis, Toxiproxy, k6, iptables and Chromium.
 *
 *     node scripts/fresh-machine.ts start    npm ci && npm start
 *     node scripts/fresh-machine.ts test     npm ci && npm test
 *
 * `--cold`: Go's module and build caches are empty too. `--keep`: keep the reports, and say where.
 *
 * The machine is a copy of this one: an overlay over its files that only this script sees, kept in memory and gone
 * afterwards, with what the package manager puts there. Needs root and Linux. Exit code: that of the command; 2 for
 * bad usage.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { $, argv } from 'zx';

const ROOT = path.dirname(import.meta.dirname);
/** What a fresh machine has not got. */
const ABSENT = /^(redis-|valkey-|toxiproxy|k6$|iptables|chromium|google-chrome)/;
/** Where things are on the copy. */
const FRESH = '/fresh';

const what = String(argv._[0]);
if (!['start', 'test'].includes(what)) fail(`expected "start" or "test", got ${JSON.stringify(argv._[0])}`);
if (process.platform !== 'linux' || process.getuid?.() !== 0)
  fail('expected root on Linux: it mounts an overlay');

const searchPath = (process.env.PATH ?? '').split(':').filter((each) => !each.includes('/node_modules/'));
const unwanted = searchPath.flatMap(programsIn);
const owners = await Promise.all(unwanted.map(packageOf));
const packages = [...new Set(owners.filter((name) => name !== ''))];
const strays = unwanted.filter((_, i) => owners[i] === '');
const work = mkdtempSync(path.join(tmpdir(), 'lab-fresh-'));
const kept = path.join(work, 'kept');
mkdirSync(kept);

// "$1" is where to mount, "$2" what the stranger types; the rest of the variables are exported below.
const machine = `
set -e
mkdir "$1/machine" && mount -t tmpfs -o size=80% tmpfs "$1/machine" && cd "$1/machine"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
for each in sys dev; do mount --rbind /$each root/$each; done
# Its own: the processes in it have numbers of their own.
mount -t proc proc root/proc
cp -L --remove-destination /etc/resolv.conf root/etc/resolv.conf
mount --bind "$1/kept" root/mnt
mkdir -p root${FRESH}/home
# Not chroot: in one nobody may make user namespaces, and whoever enters a mount namespace leaves it.
mkdir root/.old && cd root && pivot_root . .old && umount -l /.old
exec bash -c "$2"
`;
const stranger = `
set -e
[ -z "$PACKAGES" ] || dpkg --purge --force-depends $PACKAGES >/dev/null
rm -f $STRAYS
cd ${FRESH}
git clone --quiet --no-hardlinks "$CLONE" failover-lab
cd failover-lab
say() { printf '== %s: %s s\\n' "$1" "$(( $(date +%s) - since ))"; }
since=$(date +%s); npm ci; say 'npm ci'
since=$(date +%s); code=0; npm ${what} || code=$?; say 'npm ${what}'
cp -rL reports/runs/. /mnt/ 2>/dev/null || true
exit $code
`;

const gone = ['npm_', 'XDG_', 'FAILOVER_LAB_', 'LAB_', 'NODE_'];
const inherited = Object.entries(process.env).filter(([name]) => !gone.some((each) => name.startsWith(each)));
const userConfig = path.join(process.env.HOME ?? '', '.npmrc');
const env = {
  ...Object.fromEntries(inherited),
  HOME: `${FRESH}/home`,
  PATH: searchPath.join(':'),
  PACKAGES: packages.join(' '),
  STRAYS: strays.join(' '),
  CLONE: ROOT,
  // How this machine reaches a registry is no cache.
  ...(existsSync(userConfig) ? { npm_config_userconfig: userConfig } : {}),
  ...(argv.cold ? {} : await goCaches()),
};
console.log(`without: ${[...packages, ...strays].join(', ') || 'nothing that was there'}`);
const ended = await $({
  env,
  nothrow: true,
  stdio: 'inherit',
})`setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child bash -c ${machine} bash ${work} ${stranger}`;
if (argv.keep) {
  cpSync(kept, path.join(ROOT, 'reports/runs/fresh'), { recursive: true });
  console.log(`reports: ${path.join(ROOT, 'reports/runs/fresh')}`);
}
rmSync(work, { recursive: true, force: true });
console.log(`== npm ci && npm ${what}: exit code ${ended.exitCode}`);
process.exitCode = ended.exitCode ?? 3;

function programsIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => ABSENT.test(name));
  return names.map((name) => path.join(realpathSync(directory), name));
}

/** The Debian package that a program belongs to; empty when it belongs to none. */
async function packageOf(program: string): Promise<string> {
  const { stdout } = await $({
    nothrow: true,
    quiet: true,
  })`dpkg -S ${program} ${program.replace(/^\/usr/, '')}`;
  return /^([^:\s]+)[^\n]*: /m.exec(stdout)?.[1] ?? '';
}

async function goCaches(): Promise<Record<string, string>> {
  const { stdout, exitCode } = await $({ nothrow: true, quiet: true })`go env GOMODCACHE GOCACHE`;
  const [modules, builds] = stdout.split('\n');
  return exitCode === 0 && modules && builds ? { GOMODCACHE: modules, GOCACHE: builds } : {};
}

function fail(message: string): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(2);
}
