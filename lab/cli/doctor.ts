import { type DockerLook, lookForDocker } from '../docker/look-for-docker.ts';
import {
  type NamespacesSupport,
  type NamespacesSupportOptions,
  namespacesSupport,
} from '../hosts/namespaces-support.ts';
import { type ClockLook, lookForClock } from '../time/clock-library.ts';
import { cacheDirectory } from '../tools/cache-directory.ts';
import { explanation } from '../tools/find-tools.ts';
import { inspectTools } from '../tools/inspect-tools.ts';
import type { ToolOptions } from '../tools/tool.ts';
import { allTools, toolsForRun } from '../tools/tool-sets.ts';
import { lookForServer } from './doctor-server.ts';
import type { Streams } from './setup.ts';

/** What `lab doctor --json` prints. */
export interface Diagnosis {
  version: 1;
  /** A run is possible: a backend works, and for namespaces every needed tool is there. */
  ready: boolean;
  platform: string;
  node: string;
  /** The lab's cache directory. */
  cache: string;
  /** The backend that is used unless told otherwise, and whether namespaces can be made. */
  backend: {
    name: 'namespaces' | 'containers' | null;
    /** Why that is what `--backend auto` takes. */
    choice: string;
  } & NamespacesSupport;
  docker: DockerLook;
  /** What runs at another speed than real time's need, and those whose clocks lie; others go without. */
  labClock: ClockLook;
  tools: readonly {
    name: string;
    /** Whether runs need it; the others are for people. */
    needed: boolean;
    version: string | null;
    path: string | null;
    from: string | null;
    how: string | null;
    /** Why there is none: expected and got; empty when it is there. */
    problems: readonly string[];
    hints: readonly string[];
  }[];
}

export interface DoctorOptions extends ToolOptions {
  json?: boolean;
  namespaces?: NamespacesSupportOptions;
}

/** `lab doctor`: what is there, what is missing, which backend will be used. Returns 0 when a run is possible, else 3. */
export async function doctorCommand(options: DoctorOptions, streams: Streams): Promise<number> {
  const diagnosis = await diagnose(options);
  streams.stdout.write(options.json ? `${JSON.stringify(diagnosis, null, 2)}\n` : page(diagnosis));
  return diagnosis.ready ? 0 : 3;
}

/** Looks at everything a run needs, without changing anything. */
export async function diagnose(given: DoctorOptions): Promise<Diagnosis> {
  const { options, image, applied } = await lookForServer(given);
  const platform = options.platform ?? process.platform;
  const needed = toolsForRun(platform);
  const reports = applied(await inspectTools(allTools(platform), options));
  const unshare = reports.find((report) => report.name === 'unshare')?.tool?.path;
  const support = await namespacesSupport({
    platform,
    ...(unshare === undefined ? {} : { unshare }),
    ...options.namespaces,
  });
  const cache = cacheDirectory(options.environment ?? process.env);
  const docker = await lookForDocker(options.environment, image === null ? {} : { redis: image });
  const missing = reports.some((report) => report.tool === null && needed.includes(report.name));
  return {
    version: 1,
    ready: support.mode === 'none' ? docker.version !== null : !missing,
    platform: `${platform} ${options.arch ?? process.arch}`,
    node: process.versions.node,
    cache,
    backend: { ...choiceOf(support, docker), ...support },
    docker,
    labClock: lookForClock({
      cache,
      platform,
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      ...(options.arch === undefined ? {} : { arch: options.arch }),
    }),
    tools: reports.map((report) => ({
      name: report.name,
      needed: needed.includes(report.name),
      version: report.tool?.version ?? null,
      path: report.tool?.path ?? null,
      from: report.tool?.from ?? null,
      how: report.tool?.how ?? null,
      problems: report.tool === null ? explanation(report) : [],
      hints: report.hints,
    })),
  };
}

function choiceOf(
  support: NamespacesSupport,
  docker: DockerLook,
): Pick<Diagnosis['backend'], 'name' | 'choice'> {
  if (support.mode !== 'none')
    return { name: 'namespaces', choice: 'they can be made here, need nothing else and start faster' };
  return docker.version === null
    ? { name: null, choice: 'namespaces cannot be made here, and there is no Docker daemon' }
    : { name: 'containers', choice: 'namespaces cannot be made here, and Docker answers' };
}

const modeNames = {
  root: 'namespaces, as root',
  user: 'namespaces, as an ordinary user',
  none: 'no namespaces',
} as const;

function page(diagnosis: Diagnosis): string {
  const { backend } = diagnosis;
  const lines = [
    `platform  ${diagnosis.platform}, Node ${diagnosis.node}`,
    `cache     ${diagnosis.cache}`,
    `backend   ${modeNames[backend.mode]}: ${backend.why}`,
    ...backend.hint.map((hint) => `            ${hint}`),
    ...dockerLines(diagnosis.docker),
    `auto      ${backend.name === null ? 'neither backend' : backend.name}: ${backend.choice}`,
    `lab clock ${clockText(diagnosis.labClock)}`,
    ...diagnosis.labClock.hints.map((hint) => `            ${hint}`),
    'tools',
    ...diagnosis.tools.flatMap(toolLines),
    diagnosis.ready ? 'A run is possible.' : 'No run is possible yet. To bring what is missing: lab setup',
  ];
  return `${lines.join('\n')}\n`;
}

function dockerLines({ version, why, hints, images }: DockerLook): string[] {
  const missing = images.filter(({ sizeBytes }) => sizeBytes === null).map(({ role }) => role);
  const state = missing.length === 0 ? 'all images are there' : `images not there: ${missing.join(', ')}`;
  return [
    `docker    ${version === null ? `none, optional: ${why}` : `${why}; ${state}`}`,
    ...hints.map((hint) => `            ${hint}`),
    ...(missing.length === 0
      ? []
      : ['            they are pulled when they are needed, or packed: lab images pack']),
  ];
}

function clockText({ path, possible, how }: ClockLook): string {
  if (path !== null) return `${path}  (for --speed: ${how})`;
  return possible ? `for --speed, ${how}` : `missing, optional: ${how}`;
}

function toolLines(tool: Diagnosis['tools'][number]): string[] {
  const name = `  ${tool.name.padEnd(17)}`;
  if (tool.version !== null)
    return [`${name}${tool.version.padEnd(9)}${tool.path}  (${tool.from}: ${tool.how})`];
  const state = tool.needed ? 'MISSING' : 'missing, optional';
  return [
    `${name}${state}`,
    ...tool.problems.map((problem) => `      ${problem}`),
    ...tool.hints.map((hint) => `      ${hint}`),
  ];
}
