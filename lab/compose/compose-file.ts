/** The part of a Compose file that the playground uses: https://docs.docker.com/reference/compose-file/ */
export interface ComposeFile {
  name: string;
  services: Readonly<Record<string, Service>>;
  networks: Readonly<Record<string, Network>>;
  /** Files, which are in this one: that needs Compose 2.23.1. */
  configs: Readonly<Record<string, { content: string }>>;
}

export interface Service {
  image: string;
  profiles?: readonly string[];
  command?: readonly string[];
  entrypoint?: readonly string[];
  user?: string;
  working_dir?: string;
  environment?: Readonly<Record<string, string | null>>;
  network_mode?: string;
  networks?: Readonly<Record<string, { ipv4_address?: string }>>;
  ports?: readonly string[];
  volumes?: readonly string[];
  tmpfs?: readonly string[];
  configs?: readonly { source: string; target: string; mode?: number }[];
  depends_on?: Readonly<Record<string, { condition: string }>>;
  healthcheck?: Readonly<Record<string, string | number | readonly string[]>>;
  stop_signal?: string;
  stop_grace_period?: string;
}

interface Network {
  ipam: { config: readonly { subnet: string; ip_range: string }[] };
}

/** A service together with the files that are made for it. */
export interface ServiceWithFiles {
  name: string;
  service: Service;
  /** By the path in the container. `writable`: by anybody, since servers rewrite their configurations under users of their own. */
  files?: Readonly<Record<string, string>>;
  writable?: boolean;
}

/** Puts a file's services together. Each file becomes a config named after its service and itself: `app-1-app.json`. */
export function composeFile(
  name: string,
  parts: readonly ServiceWithFiles[],
  networks: ComposeFile['networks'],
): ComposeFile {
  const services: Record<string, Service> = {};
  const configs: Record<string, { content: string }> = {};
  for (const { name: owner, service, files = {}, writable = false } of parts) {
    const own = Object.entries(files).map(([target, content]) => {
      const source = `${owner}-${target.split('/').at(-1)}`;
      configs[source] = { content };
      return { source, target, ...(writable ? { mode: 0o666 } : {}) };
    });
    services[owner] = { ...service, ...(own.length > 0 ? { configs: own } : {}) };
  }
  return { name, services, networks, configs };
}

/** A health check by a command. The first is `everySeconds` after the start; a container that is not well within ten of them is not. */
export function healthcheck(
  everySeconds: number,
  ...command: readonly string[]
): NonNullable<Service['healthcheck']> {
  return { test: ['CMD', ...command], interval: `${everySeconds}s`, timeout: '3s', retries: 10 };
}
