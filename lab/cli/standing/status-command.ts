import type { Streams } from '../setup.ts';
import { askLab } from './ask-lab.ts';
import type { StandingStatus } from './control-protocol.ts';

/** `lab status`: what stands, who is what, and what is broken. Returns the exit code; throws UsageError when no such lab stands. */
export async function statusCommand(
  { name, json = false }: { name: string; json?: boolean },
  { stdout }: Streams,
): Promise<number> {
  const status = await askLab(name, { ask: 'status' });
  stdout.write(json ? `${JSON.stringify(status, null, 2)}\n` : `${linesOf(status).join('\n')}\n`);
  return 0;
}

function linesOf(status: StandingStatus): string[] {
  const { name, phase, topology, timing, speed, address, nodes, hosts, faults, load, at, folder } = status;
  const labTime = speed === 1 ? '' : `, speed ${speed}: all times are lab time`;
  const state = phase === 'disturb' ? `stands since ${duration(at)}` : phase;
  const width = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const [names, roles, places] = [
    width(nodes.map((node) => node.name)),
    width(nodes.map(({ role }) => role)),
    width(nodes.map(({ host }) => host)),
  ];
  const isEmpty = (host: string) => !nodes.some((node) => node.host === host);
  return [
    `${name}: ${state}; ${topology}, ${timing} timing${labTime}`,
    `  dashboard  ${address}`,
    ...(load === null
      ? []
      : [
          `  load       ${load.opsPerSecond} operations/s; ${load.ok} ok, ${load.fail} failed, ${load.info} unknown${load.lost === null ? '' : `; missing now: ${load.lost}`}`,
        ]),
    ...nodes.map(
      (node) =>
        `  ${node.name.padEnd(names)}  ${node.role.padEnd(roles)}  ${node.host.padEnd(places)}  ${node.address}`,
    ),
    ...(hosts.some(isEmpty) ? [`  clients’ hosts: ${hosts.filter(isEmpty).join(', ')}`] : []),
    faults.length === 0 ? '  nothing is broken' : '  in force:',
    ...faults.map(
      ({ id, text, proof, provedAt }) =>
        `    ${id}  ${text} (${provedAt === null ? 'NOT PROVED: ' : ''}${proof})`,
    ),
    `  folder     ${folder}`,
  ];
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}
