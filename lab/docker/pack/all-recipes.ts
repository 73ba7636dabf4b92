import { LabError, messageOf } from '../../common/errors.ts';
import { goArch } from '../../tools/go-arch.ts';
import type { SetupProgress } from '../../tools/setup-progress.ts';
import { setupTools } from '../../tools/setup-tools.ts';
import type { Tool, ToolName } from '../../tools/tool.ts';
import type { Recipe } from './recipe.ts';
import {
  k6Recipe,
  netRecipe,
  nodeRecipe,
  postgresRecipe,
  reaperRecipe,
  redisRecipe,
  toxiproxyRecipe,
} from './recipes.ts';

export interface AllRecipesOptions {
  /** Servers to pack, each a binary or a directory; the first is the one that runs use. Default: the lab's own. */
  redis?: readonly string[];
  onProgress?: (progress: SetupProgress) => void;
  /** Told of an image that is left out, and why. */
  onLeftOut?: (text: string) => void;
}

/** The processor for which this machine's programs are, by the name that images use. LabError where they make no image. */
export function packedArch(): 'amd64' | 'arm64' {
  const arch = goArch(process.arch);
  if (process.platform === 'linux' && arch !== undefined) return arch;
  throw new LabError(`expected Linux on x86-64 or arm64, got ${process.platform} on ${process.arch}`, {
    details: [
      'containers run Linux programs: pack them on a Linux machine with --output DIR, then: lab images load DIR',
      'where there is a registry nothing has to be packed: the official images are pulled',
    ],
  });
}

/**
 * What to pack of this machine's programs, which are found or brought as for a run. Two are left out where they cannot
 * be had: Toxiproxy's command line and Testcontainers' reaper, which `go install` brings.
 */
export async function allRecipes(options: AllRecipesOptions = {}): Promise<Recipe[]> {
  const { redis = [], onProgress, onLeftOut = () => {} } = options;
  const find = <N extends ToolName>(names: readonly N[], path?: string) =>
    setupTools(names, path === undefined ? {} : { paths: { redis: path } }, onProgress);
  const optional = (name: ToolName, what: string): Promise<Tool | undefined> =>
    find([name]).then(
      (found) => found[name],
      (error) => void onLeftOut(`without ${what}: ${messageOf(error)}`),
    );
  const servers = redis.length === 0 ? [undefined] : redis;
  const [tools, cli, ryuk, ...redisTools] = await Promise.all([
    find(['toxiproxy-server', 'k6', 'postgres', 'iptables', 'ip']),
    optional('toxiproxy-cli', 'toxiproxy-cli'),
    optional('ryuk', 'the reaper'),
    ...servers.map((path) => find(['redis-server', 'redis-cli'], path)),
  ]);
  return Promise.all([
    ...redisTools.map((found, index) => redisRecipe(found['redis-server'], found['redis-cli'], index === 0)),
    toxiproxyRecipe(tools['toxiproxy-server'], cli),
    nodeRecipe(process.execPath, process.versions.node),
    postgresRecipe(tools.postgres),
    k6Recipe(tools.k6),
    netRecipe(tools.iptables, tools.ip),
    ...(ryuk === undefined ? [] : [reaperRecipe(ryuk)]),
  ]);
}
