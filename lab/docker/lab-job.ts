import type { ImageRole } from './images.ts';

/** A folder of this machine that containers of the lab see at the same path. */
export interface SharedFolder {
  path: string;
  readOnly: boolean;
}

/** What the lab's own process, inside its container, needs to start further containers; plain data. */
export interface ContainersJob {
  /** Name of the container in which the lab's own process runs. The names of all others begin with it. */
  lab: string;
  /** Name of the one network that joins its hosts. */
  network: string;
  /** Its addresses: `198.18.7` for 198.18.7.0/24. */
  prefix: string;
  /** The image of each role, as it is to be used. */
  images: Readonly<Record<ImageRole, string>>;
  /** `uid:gid` of everything in it; null: root, who is the caller where the daemon maps users (Docker Desktop, rootless). */
  user: string | null;
  /** A file that names these users, for programs that want to be somebody; at the same path for the daemon. */
  passwd: string;
  /** On everything that is made: who owns it, for the reaper and the sweep. */
  labels: Readonly<Record<string, string>>;
  /** What containers of the lab's own programs see of this machine. */
  folders: readonly SharedFolder[];
}

/** PostgreSQL refuses to be started by user 0; where that is the lab's, it is started by this one. */
export const ORDINARY_USER = '1000:1000';

/** Where the lab's process finds the daemon's socket. */
export const SOCKET_INSIDE = '/var/run/docker.sock';

/** Where the lab's storage in memory is, in each of its containers. */
export const SCRATCH_INSIDE = '/failover-lab';

/** The last part of the lab's own address; hosts are numbered from 2 on, 1 is Docker's. */
export const LAB_NUMBER = 254;

/**
 * The further address, besides the one of its network, by which the lab itself is a neighbour of nodes' addresses.
 * Docker gives link-local ones without any capability (`--link-local-ip`).
 */
export const LAB_LINK_LOCAL = '169.254.3.254';
