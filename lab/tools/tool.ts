/** A program the lab starts or talks to, by the name of its binary. */
export type ToolName =
  | 'redis-server'
  | 'redis-sentinel'
  | 'redis-cli'
  | 'toxiproxy-server'
  | 'toxiproxy-cli'
  | 'k6'
  | 'postgres'
  | 'chromium'
  | 'ryuk'
  | 'dockerd'
  | 'iptables'
  | 'ip'
  | 'unshare'
  | 'nsenter'
  | 'setpriv';

/** Where a tool came from, in the order in which the places are tried. */
export type ToolOrigin =
  | 'option'
  | 'environment'
  | 'npm'
  | 'PATH'
  | 'cache'
  | 'package manager'
  | 'release'
  | 'go install';

/** A tool that was found and whose version fits. */
export interface Tool {
  /** Absolute path. Start it by this path: redis-sentinel is told from redis-server by its name alone. */
  path: string;
  /** As `major.minor.patch`, without a leading `v`. */
  version: string;
  from: ToolOrigin;
  /** One phrase for people: "--redis /opt/redis", "brought by go install …@v2.12.0". */
  how: string;
}

/** The tools that were asked for, by name. */
export type Tools<N extends ToolName = ToolName> = Readonly<Record<N, Tool>>;

/** A group of binaries that come together, and the name by which a user points at it. */
export type KitName =
  | 'redis'
  | 'toxiproxy'
  | 'toxiproxy-cli'
  | 'k6'
  | 'postgres'
  | 'chromium'
  | 'ryuk'
  | 'dockerd'
  | 'iptables'
  | 'ip'
  | 'unshare'
  | 'nsenter'
  | 'setpriv';

/** Everything that decides where tools are looked for. All of it has defaults. */
export interface ToolOptions {
  /** Explicit paths, each a binary or a directory; they come before everything else. */
  paths?: Partial<Record<KitName, string>>;
  /** Base addresses to fetch releases from instead of the projects' own; before the LAB_*_MIRROR variables. */
  mirrors?: Partial<Record<KitName, string>>;
  /** Default: process.env. PATH, LAB_*, FAILOVER_LAB_CACHE, XDG_CACHE_HOME and HOME are read from it. */
  environment?: NodeJS.ProcessEnv;
  /** Where system tools are looked for after PATH. Default: the sbin directories, which a user's PATH may lack. */
  systemDirectories?: readonly string[];
  /** Default: this machine's. */
  platform?: NodeJS.Platform;
  /** Node's name of the processor. Default: this machine's. */
  arch?: string;
  /** Effective user id; decides whether the package manager may be used. Default: this process's. */
  uid?: number;
  /** Milliseconds until a server must have begun to answer. Default 3000. */
  connectTimeoutMs?: number;
  /** Ends whatever set-up is under way. */
  signal?: AbortSignal;
}
