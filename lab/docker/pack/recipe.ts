import type { ImageRole } from '../images.ts';
import type { ImageEntry } from './image-entry.ts';

/** An image to be packed: what it holds, what it is called, how a container of it starts. */
export interface Recipe {
  role: ImageRole;
  /** Whole names, the first of which tells of it. */
  names: readonly string[];
  /** Of the program it is there for. */
  version: string;
  /** Where that program came from, for people. */
  source: string;
  entries: readonly ImageEntry[];
  entrypoint?: readonly string[];
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Besides the lab's own. */
  labels?: Readonly<Record<string, string>>;
}

/** As in the official images. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
