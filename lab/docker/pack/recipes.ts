import { existsSync, globSync, lstatSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../tools/run-command.ts';
import type { Tool } from '../../tools/tool.ts';
import { type ImageRole, packedName } from '../images.ts';
import type { ImageEntry } from './image-entry.ts';
import { programAt, programFiles } from './program-files.ts';
import { PATH, type Recipe } from './recipe.ts';
import { essentials, userland } from './userland.ts';

/** A server's image: Redis's, or Valkey's, which answers to Redis's names too. `main`: the one that runs use unless told otherwise. */
export async function redisRecipe(server: Tool, client: Tool | undefined, main: boolean): Promise<Recipe> {
  const printed = await runCommand(server.path, ['--version'], { environment: process.env });
  const brand = /^valkey/i.test(printed) ? 'valkey' : 'redis';
  const other = brand === 'valkey' ? 'redis' : undefined;
  const at = (name: string) => `/usr/local/bin/${name}`;
  const entries: ImageEntry[] = await programFiles(server.path, at(`${brand}-server`));
  if (client !== undefined) entries.push(...(await programFiles(client.path, at(`${brand}-cli`))));
  entries.push({ path: at(`${brand}-sentinel`), link: `${brand}-server` });
  if (other !== undefined)
    for (const part of ['server', 'sentinel', 'cli'])
      entries.push({ path: at(`${other}-${part}`), link: `${brand}-${part}` });
  const [major, minor] = server.version.split('.');
  const versions = [server.version, `${major}.${minor}`, `${major}`];
  return {
    role: 'redis',
    names: [...versions.map((tag) => `failover-lab/${brand}:${tag}`), ...(main ? [packedName('redis')] : [])],
    version: server.version,
    source: server.path,
    entries: [
      ...entries,
      ...(await userland()),
      ...essentials({ name: 'redis', id: 999 }),
      { path: '/data', directory: true, mode: 0o777 },
    ],
    command: [`${brand}-server`],
    environment: { PATH },
  };
}

const C_UTF8 = '/usr/lib/locale/C.utf8';

/** The database, with all that lies beside it: it finds its modules and its texts from where it is itself. */
export async function postgresRecipe(tool: Tool): Promise<Recipe> {
  const prefix = path.dirname(path.dirname(programAt(tool.path).file));
  const target = '/usr/lib/postgresql/18';
  const binaries = globSync('bin/*', { cwd: prefix }).map((name) => path.join(prefix, name));
  const needed = (
    await Promise.all(
      binaries.map((each) => programFiles(each, path.join(target, 'bin', path.basename(each)))),
    )
  ).flat();
  // Libraries of its own come with the tree, where its programs look for them.
  const foreign = needed.filter((each) => !('from' in each) || !each.from.startsWith(`${prefix}/lib/`));
  return {
    role: 'postgres',
    names: [packedName('postgres'), packedName('postgres', tool.version)],
    version: tool.version,
    source: tool.path,
    entries: [
      ...foreign,
      ...tree(path.join(prefix, 'lib'), `${target}/lib`),
      ...tree(path.join(prefix, 'share'), `${target}/share`),
      // The only locale that clusters here are made with; some C libraries have it built in.
      ...(existsSync(C_UTF8) ? tree(C_UTF8, C_UTF8) : []),
      ...(await userland()),
      ...essentials({ name: 'postgres', id: 999 }),
    ],
    command: ['postgres'],
    environment: { PATH: `${PATH}:${target}/bin` },
  };
}

/** What drops packets: iptables with its extensions, and ip. */
export async function netRecipe(iptables: Tool, ip: Tool): Promise<Recipe> {
  const entries = [
    ...(await programFiles(iptables.path, '/usr/sbin/iptables')),
    ...(await programFiles(ip.path, '/usr/sbin/ip')),
    // One program under several names, of which it goes by the one that it is called by.
    { path: '/usr/sbin/iptables-restore', link: 'iptables' },
  ];
  // It loads its matches and targets from beside its library.
  const extensions = entries
    .filter((each) => path.basename(each.path).startsWith('libxtables.so'))
    .flatMap((each) => {
      const folder = path.join(path.dirname(each.path), 'xtables');
      return existsSync(folder) ? tree(folder, folder) : [];
    });
  return {
    role: 'net',
    names: [packedName('net')],
    version: iptables.version,
    source: iptables.path,
    entries: [
      ...entries,
      // One program, which goes by the name that it is called by.
      { path: '/usr/sbin/iptables-restore', link: 'iptables' },
      { path: '/usr/sbin/iptables-save', link: 'iptables' },
      ...extensions,
      ...(await userland()),
      ...essentials(),
    ],
    command: ['sh'],
    environment: { PATH },
  };
}

/** Node, as a container of the lab or of its application starts it. */
export async function nodeRecipe(executable: string, version: string): Promise<Recipe> {
  return {
    role: 'node',
    names: [packedName('node'), packedName('node', version)],
    version,
    source: executable,
    entries: [
      ...(await programFiles(executable, '/usr/local/bin/node')),
      ...(await userland()),
      ...essentials({ name: 'node', id: 1000 }),
      { path: '/home/node', directory: true, mode: 0o777 },
    ],
    command: ['node'],
    environment: { PATH },
  };
}

/** k6, with a shell beside it as in its official image. */
export async function k6Recipe(tool: Tool): Promise<Recipe> {
  return {
    ...single('k6', tool, [
      ...(await programFiles(tool.path, '/usr/bin/k6')),
      ...(await userland()),
      ...essentials(),
    ]),
    entrypoint: ['k6'],
  };
}

/** Toxiproxy, alone with its command line where that can be had: no shell, as in its official image. */
export async function toxiproxyRecipe(tool: Tool, cli: Tool | undefined): Promise<Recipe> {
  const entries = await programFiles(tool.path, '/toxiproxy');
  if (cli !== undefined) entries.push(...(await programFiles(cli.path, '/toxiproxy-cli')));
  return {
    ...single('toxiproxy', tool, [...entries, ...essentials()]),
    entrypoint: ['/toxiproxy'],
    command: ['-host=0.0.0.0'],
  };
}

/** Testcontainers' reaper. */
export async function reaperRecipe(tool: Tool): Promise<Recipe> {
  return {
    ...single('reaper', tool, [...(await programFiles(tool.path, '/bin/ryuk')), ...essentials()]),
    command: ['/bin/ryuk'],
    // By which Testcontainers finds one that runs already.
    labels: { 'org.testcontainers.ryuk': 'true' },
  };
}

function single(role: ImageRole, tool: Tool, entries: readonly ImageEntry[]): Recipe {
  return {
    role,
    names: [packedName(role), packedName(role, tool.version)],
    version: tool.version,
    source: tool.path,
    entries,
    command: [],
    environment: { PATH },
  };
}

/** A directory of this machine with all that is in it; static libraries, which nothing loads, are left out. */
function tree(from: string, to: string): ImageEntry[] {
  return globSync('**', { cwd: from, exclude: (name) => name.endsWith('.a') }).map((name): ImageEntry => {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    const status = lstatSync(source);
    if (status.isSymbolicLink()) return { path: target, link: readlinkSync(source) };
    if (status.isDirectory()) return { path: target, directory: true };
    return { path: target, from: source, mode: status.mode & 0o777 };
  });
}
