import assert from 'node:assert/strict';
import type { TestGroup } from '../topology/test-group.ts';
import type { Fault, InjectedFault } from './fault.ts';

/** Injects a fault, which has to prove itself. */
export async function inject(group: TestGroup, fault: Fault): Promise<InjectedFault> {
  const injected = await fault.inject(group.surface);
  assert(injected.proof.proved, `${injected.text}: ${injected.proof.text}`);
  return injected;
}

/** Heals it, which has to prove itself too. */
export async function heal(injected: InjectedFault): Promise<void> {
  const proof = await injected.heal();
  assert(proof.proved, `heal of ${injected.text}: ${proof.text}`);
  assert.equal(await injected.heal(), proof, 'a second heal changes nothing');
}

/** Injects a fault that cannot bite, which has to say so. */
export async function mustBeRefused(group: TestGroup, fault: Fault, why: RegExp): Promise<InjectedFault> {
  const injected = await fault.inject(group.surface);
  assert(!injected.proof.proved, `proved, although it cannot have bitten: ${injected.proof.text}`);
  assert.match(injected.proof.text, why);
  return injected;
}
