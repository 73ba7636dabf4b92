import type { KitName } from './tool.ts';

/** Something happened to a kit that is being brought. Kits that are there already say nothing. */
export interface SetupProgress {
  kit: KitName;
  /** `working`: what it does now, often. `failed`: a way that did not work; the next one follows. */
  state: 'working' | 'failed' | 'done';
  /** One line for people. */
  text: string;
}
