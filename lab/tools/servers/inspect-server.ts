import type { ServerId } from '../../common/server.ts';
import { type Context, contextOf } from '../context.ts';
import { printedVersion } from '../printed-version.ts';
import type { ToolOptions } from '../tool.ts';
import type { FeatureSet } from './ask-features.ts';
import { probeFeatures } from './probe-features.ts';

/** A server's binary, and what it says of itself. */
export interface InspectedServer extends ServerId {
  /** null where it could not be asked; its runs will say why. */
  features: FeatureSet | null;
}

const printed = {
  pattern: /^((?:Redis|Valkey) server v=\d+\.\d+\.\d+)/m,
  example: 'Redis server v=7.0.15',
};

/** Raised when features.ts has other features than those that caches remember. */
export const GENERATION = 1;

/** Whose server it is, in which version, and what it offers. Remembered for this very file, so that it is asked once. Throws LabError for what is no server. */
export async function inspectServer(path: string, options: ToolOptions = {}): Promise<InspectedServer> {
  const context = contextOf(options);
  try {
    const { product, version } = await serverId(path, context);
    const asked = context.versions.versionOf(`features ${GENERATION}`, path, async () =>
      JSON.stringify(await probeFeatures(path, context.environment)),
    );
    const features = await asked.then((text) => JSON.parse(text) as FeatureSet).catch(() => null);
    return { product, version, features };
  } finally {
    context.versions.save();
  }
}

/** Whose server a binary is, and in which version. Throws LabError for what is none. */
export async function serverId(path: string, { versions, environment }: Context): Promise<ServerId> {
  const text = await versions.versionOf('server', path, () =>
    printedVersion(path, ['--version'], printed, environment),
  );
  const [, name, version = ''] = /^(\w+) server v=(.+)$/.exec(text) ?? [];
  return { product: name === 'Valkey' ? 'valkey' : 'redis', version };
}
