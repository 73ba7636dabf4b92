import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LabError, messageOf } from '../common/errors.ts';
import { until } from '../common/until.ts';
import { findTools } from '../tools/find-tools.ts';
import { lastLines } from '../tools/run-command.ts';
import { setupTools } from '../tools/setup-tools.ts';
import { openDaemon } from './daemon.ts';

/** A Docker daemon of the tests' own. */
export interface TestDaemon {
  /** For DOCKER_HOST. */
  host: string;
  /** Of this machine, where the daemon sees other files than everybody else: as one on another machine would. */
  unseen: string;
  /** The process that ends all that the daemon has started when it is ended itself. */
  pid: number;
  stop(): Promise<void>;
}

/**
 * $1: a directory, $2: the cgroup, then the command. Ends what it started when its input ends, which is when whoever
 * started it is gone, however it went.
 */
const SUPERVISOR = `
directory=$1 cgroup=$2; shift 2
"$@" > "$directory/log" 2>&1 < /dev/null & daemon=$!
echo $daemon
cat > /dev/null
kill -KILL $daemon; wait $daemon 2> /dev/null
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  find /sys/fs/cgroup -depth -type d \\( -path "*/$cgroup/*" -o -name "$cgroup" \\) -exec rmdir {} + 2>/dev/null && break
  sleep 0.1
done
rm -rf "$directory"
`;

/** $1: the directory, $2: the cgroup, $3: dockerd. Whatever the daemon stores lies in memory that goes with its mounts. */
const DAEMON = `
ip link set lo up
mount -t tmpfs -o mode=711 tmpfs "$1/data"
mount -t tmpfs tmpfs "$1/unseen"
exec "$3" --data-root "$1/data/root" --exec-root "$1/data/run" --pidfile "$1/data/pid" --host "unix://$1/docker.sock" \\
  --cgroup-parent "/$2" --exec-opt native.cgroupdriver=cgroupfs --group root
`;

/**
 * Starts dockerd in namespaces of its own (network, mounts, processes), so that it disturbs nobody, neither firewall
 * nor bridges nor another daemon, and so that all of it ends with whoever started it. Brings Docker by the package
 * manager where it is missing and a package may be installed without starting a service. LabError, whose message says
 * why, where that cannot be.
 */
export async function startTestDaemon(): Promise<TestDaemon> {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0)
    throw new LabError('a Docker daemon of the tests’ own needs root on Linux');
  const mayBring = process.env.CI !== undefined || !existsSync('/run/systemd/system');
  const bring = mayBring ? setupTools : findTools;
  const [{ dockerd }, { unshare, setpriv }] = await Promise.all([
    bring(['dockerd']).catch((cause: unknown) => {
      throw new LabError(`there is no dockerd: ${messageOf(cause)}; apt-get install docker.io`, { cause });
    }),
    setupTools(['unshare', 'setpriv', 'iptables', 'ip']),
  ]);
  const directory = mkdtempSync(path.join(tmpdir(), 'lab-docker-'));
  for (const name of ['data', 'unseen']) mkdirSync(path.join(directory, name));
  const cgroup = `failover-lab-test-${randomUUID().slice(0, 8)}`;
  const isolated = [
    ...[setpriv.path, '--pdeathsig', 'KILL', unshare.path],
    ...['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...['sh', '-c', DAEMON, 'dockerd', directory, cgroup, dockerd.path],
  ];
  const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` };
  const supervisor = spawn('sh', ['-c', SUPERVISOR, 'supervisor', directory, cgroup, ...isolated], {
    // Not in our group: what ends a group must leave it the time to clean up.
    detached: true,
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(supervisor.stdout, 'data')) as [Buffer];
  const host = `unix://${path.join(directory, 'docker.sock')}`;
  const stop = async () => {
    supervisor.stdin.end();
    if (supervisor.exitCode === null) await once(supervisor, 'exit');
  };
  const answers = () => openDaemon({ DOCKER_HOST: host }).catch(() => null);
  try {
    await until(answers, { withinMs: 30_000, everyMs: 50, what: 'the tests’ Docker daemon' });
  } catch (cause) {
    const said = lastLines(readFileSync(path.join(directory, 'log'), 'utf8'));
    await stop();
    throw new LabError(`dockerd did not come up: ${said.join(' | ')}`, { cause });
  }
  return { host, unseen: path.join(directory, 'unseen'), pid: Number(line.toString().trim()), stop };
}
