import { execFileSync, spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { LabError, messageOf, UsageError } from '../../common/errors.ts';
import { withNearest } from '../../common/nearest-name.ts';
import { askLab } from './ask-lab.ts';
import type { Entrance } from './control-protocol.ts';

/**
 * `lab exec HOST -- COMMAND …`: runs a command on a host of a standing lab, behind that host's proxy, with this terminal's
 * streams. Returns the command's exit code, 128 + the signal's number where one ended it. Throws UsageError and LabError.
 */
export async function execCommand(
  host: string,
  command: readonly string[],
  { name }: { name: string },
): Promise<number> {
  const [program, ...rest] = command;
  if (program === undefined)
    throw new UsageError('expected a command, as in lab exec host-1 -- redis-cli PING');
  const entrance = await askLab(name, { ask: 'enter' });
  const [enter = '', ...args] = commandIn(host, program, entrance);
  const { PATH = '' } = process.env;
  const child = spawn(enter, [...args, ...rest], {
    stdio: 'inherit',
    // Where redis-server lies redis-cli often does, too.
    env:
      entrance.backend === 'containers' ? process.env : { ...process.env, PATH: `${entrance.tools}:${PATH}` },
  });
  // A Ctrl-C in the terminal reaches the command itself; its end is ours.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new LabError(`cannot start ${enter}: ${error.message}`)));
      child.once('exit', (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}

/** The program, on the host: enters the sandbox, then the host in it. A node's name means its host. */
function commandIn(host: string, program: string, entrance: Entrance): string[] {
  const { hosts } = entrance;
  const found = Object.hasOwn(hosts, host) ? hosts[host] : undefined;
  if (found === undefined)
    throw new UsageError(withNearest(`there is no host ${JSON.stringify(host)}`, host, Object.keys(hosts)));
  if (entrance.backend === 'containers') return commandInContainer(found, host, program, entrance);
  const { pid, mode, namespaces } = entrance;
  if (pid === null) throw new LabError('the lab does not stand yet');
  const user = mode === 'user' ? ['--user', '--preserve-credentials'] : [];
  return [
    'nsenter',
    '--target',
    pid,
    ...user,
    '--mount',
    '--net',
    '--pid',
    'nsenter',
    `--net=${path.join(namespaces, found)}`,
    program,
  ];
}

/**
 * In the container of the node that was named, or of the host's first. Where that does not run, or there is none, in
 * one that comes and goes on the same host, of the image that has redis-cli.
 */
function commandInContainer(
  host: string,
  named: string,
  program: string,
  { lab, daemon, image, user, nodes }: Extract<Entrance, { backend: 'containers' }>,
): string[] {
  if (lab === null) throw new LabError('the lab does not stand yet');
  const docker = ['docker', '--host', daemon];
  const running = (name: string) => containerOf(docker, `^${lab}-${name}-[0-9]+$`);
  const node = named === host ? nodes[host]?.[0] : named;
  const container = node === undefined ? null : running(node);
  const interactive = ['-i', ...(process.stdin.isTTY ? ['-t'] : [])];
  if (container !== null) return [...docker, 'exec', ...interactive, container, program];
  const holder = running(host);
  if (holder === null) throw new LabError(`expected a container of ${host}, got none`);
  return [
    ...docker,
    ...['run', '--rm', ...interactive],
    ...['--network', `container:${holder}`, '--pid', `container:${lab}`],
    ...(user === null ? [] : ['--user', user]),
    ...['--entrypoint', program, image],
  ];
}

/** The one container whose name matches; null when none runs. */
function containerOf([docker = '', ...args]: readonly string[], name: string): string | null {
  try {
    const names = execFileSync(
      docker,
      [...args, 'ps', '--filter', `name=${name}`, '--format', '{{.Names}}'],
      {
        encoding: 'utf8',
      },
    );
    return names.trim().split('\n')[0] || null;
  } catch (cause) {
    throw new LabError(`lab exec needs the docker command: ${messageOf(cause)}`, { cause });
  }
}
