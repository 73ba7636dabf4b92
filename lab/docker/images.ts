/** What an image is for. Each role's image is chosen by itself. */
export type ImageRole = 'redis' | 'toxiproxy' | 'node' | 'postgres' | 'k6' | 'net' | 'reaper';

/** An image that the lab runs: which one by default, who may name another, how its programs are started. */
export interface LabImage {
  /** What the lab does with it, for people. */
  purpose: string;
  /** The official image, by tag and by the digest of its index for all architectures. */
  official: string;
  /** The environment variable that names another image instead. */
  variable: string;
  /** Programs, and how each is called in it: by name where it is on the image's PATH, else by path. */
  programs: Readonly<Record<string, string>>;
  /** Commands that print a version and end: how it is told what an image holds, and that it runs here. */
  trials: readonly (readonly string[])[];
}

/**
 * Every image of the lab: the one place where they are pinned. No registry was asked for the digests: each was found
 * in several public repositories that pin the same tag (k6's in two), most of which say that it is the digest of the
 * index for all architectures. A wrong one cannot do harm: the pull is refused.
 */
export const images: Readonly<Record<ImageRole, LabImage>> = {
  redis: {
    purpose: 'Redis, Sentinel and redis-cli',
    official: 'redis:8.8.1@sha256:c88d347edef6249a6d2293f926f1eeb48bd40c57cbcd02c07f52e7f1fd2cb46b',
    variable: 'LAB_IMAGE_REDIS',
    programs: {
      'redis-server': 'redis-server',
      'redis-sentinel': 'redis-sentinel',
      'redis-cli': 'redis-cli',
    },
    trials: [
      ['redis-server', '--version'],
      ['redis-sentinel', '--version'],
    ],
  },
  toxiproxy: {
    purpose: 'a host’s links to the others',
    official:
      'ghcr.io/shopify/toxiproxy:2.12.0@sha256:9378ed52a28bc50edc1350f936f518f31fa95f0d15917d6eb40b8e376d1a214e',
    variable: 'LAB_IMAGE_TOXIPROXY',
    // Nothing else is in it, no shell either.
    programs: { 'toxiproxy-server': '/toxiproxy', 'toxiproxy-cli': '/toxiproxy-cli' },
    trials: [['/toxiproxy', '--version']],
  },
  node: {
    purpose: 'the lab itself, its clients, the application',
    official:
      'node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6',
    variable: 'LAB_IMAGE_NODE',
    programs: { node: 'node' },
    trials: [['node', '--version']],
  },
  postgres: {
    purpose: 'the application’s database',
    official: 'postgres:18.4@sha256:3a82e1f56c8f0f5616a11103ac3d47e632c3938698946a7ad26da0df1334744a',
    variable: 'LAB_IMAGE_POSTGRES',
    programs: {
      postgres: '/usr/lib/postgresql/18/bin/postgres',
      initdb: '/usr/lib/postgresql/18/bin/initdb',
    },
    trials: [['/usr/lib/postgresql/18/bin/postgres', '--version']],
  },
  k6: {
    purpose: 'the application’s users',
    official: 'grafana/k6:1.8.1@sha256:23f2279054c3e01535455c4d92914a625df12aeb631ea0e3ea7a43f96bcbc843',
    variable: 'LAB_IMAGE_K6',
    // By its path: where it is linked into another image, it is started from there.
    programs: { k6: '/usr/bin/k6' },
    trials: [['/usr/bin/k6', 'version']],
  },
  net: {
    purpose: 'drops packets, where a fault asks for it',
    official:
      'nicolaka/netshoot:v0.14@sha256:7f08c4aff13ff61a35d30e30c5c1ea8396eac6ab4ce19fd02d5a4b3b5d0d09a2',
    variable: 'LAB_IMAGE_NET',
    programs: { iptables: 'iptables', 'iptables-restore': 'iptables-restore', ip: 'ip' },
    trials: [['iptables', '--version']],
  },
  reaper: {
    purpose: 'removes what a killed run left (Testcontainers’ Ryuk)',
    official:
      'testcontainers/ryuk:0.14.0@sha256:7c1a8a9a47c780ed0f983770a662f80deb115d95cce3e2daa3d12115b8cd28f0',
    // Testcontainers' own variable.
    variable: 'RYUK_CONTAINER_IMAGE',
    programs: { ryuk: '/bin/ryuk' },
    // Ryuk has no command that only prints its version.
    trials: [],
  },
};

/** Every role, in the order in which they are shown. */
export const imageRoles = Object.keys(images) as ImageRole[];

/** Official images of servers by the names that `--redis` takes, besides any other image's reference. */
export const serverImages: Readonly<Record<string, string>> = {
  'redis:7.2': 'redis:7.2.5@sha256:fb534a36ac2034a6374933467d971fbcbfa5d213805507f560d564851a720355',
  'redis:8': images.redis.official,
  'valkey:8': 'valkey/valkey:8.1.3@sha256:fea8b3e67b15729d4bb70589eb03367bab9ad1ee89c876f54327fc7c6e618571',
  'valkey:9': 'valkey/valkey:9.1.0@sha256:8e8d64b405ce18f41b8e5ee20aa4687a8ed0022d1298f2ce31cdcf3a76e09411',
};

/**
 * The name under which `lab images pack` leaves a role's image, `failover-lab/redis:packed`; a server besides under
 * its name and version: `failover-lab/redis:8.0.2`, `:8.0`, `:8`, `failover-lab/valkey:9`. None is ever pulled.
 */
export const packedName = (role: ImageRole, tag = 'packed'): string => `failover-lab/${role}:${tag}`;

/**
 * The images that a name stands for, the first that is there being the one: of a role's own, or of a server's that
 * `--redis` takes (`valkey:9`, or any reference), the official one, then the packed one.
 */
export function candidates(role: ImageRole, name?: string): string[] {
  if (name === undefined) return [images[role].official, packedName(role)];
  const packed = /^(redis|valkey):[\d.]+$/.test(name) ? [`failover-lab/${name}`] : [];
  // Valkey's images are not among Docker's official ones, which need no owner before their names.
  return [serverImages[name] ?? name.replace(/^valkey:/, 'valkey/valkey:'), ...packed];
}
