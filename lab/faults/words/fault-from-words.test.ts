import { expect, it } from 'vitest';
import { faults } from '../faults.ts';
import { faultFromWords } from './fault-from-words.ts';
import { forms } from './forms.ts';

it('every fault can be asked for', () => {
  expect([...Object.keys(forms), 'flap'].sort()).toEqual(Object.keys(faults).sort());
});

it.each([
  ['kill primary', faults.kill('primary')],
  ['kill primary,clients', faults.kill(['primary', 'clients'])],
  ['pause node:redis-1', faults.pause('node:redis-1')],
  ['restart primary --data lost --downMs 5', faults.restart('primary', { data: 'lost', downMs: 5 })],
  [
    'latency clients primary --latencyMs 50 --jitter-ms=7',
    faults.latency({ from: 'clients', to: 'primary', latencyMs: 50, jitterMs: 7 }),
  ],
  [
    'latency --to primary --from clients --latencyMs 50',
    faults.latency({ from: 'clients', to: 'primary', latencyMs: 50 }),
  ],
  ['cut --oneWay primary replicas', faults.cut({ from: 'primary', to: 'replicas', oneWay: true })],
  ['split primary replicas,sentinels', faults.split(['primary', ['replicas', 'sentinels']])],
  ['cutClients', faults.cutClients()],
  ['setConfig replicas maxmemory=10mb save=', faults.setConfig('replicas', { maxmemory: '10mb', save: '' })],
  ['stepClock sentinels --byMs=-1000', faults.stepClock({ on: 'sentinels', byMs: -1000 })],
  ['driftClock primary --rate 1.5', faults.driftClock({ on: 'primary', rate: 1.5 })],
  ['deleteSlots 7 9-11 key:cart', faults.deleteSlots([7, [9, 11], { key: 'cart' }])],
  [
    'moveSlots primary 0-9 --haltAfterKeys 3',
    faults.moveSlots({ to: 'primary', slots: [[0, 9]], haltAfterKeys: 3 }),
  ],
  [
    'flap --onMs 200 isolate primary --offMs=300',
    faults.flap(faults.isolate('primary'), { onMs: 200, offMs: 300 }),
  ],
])('%s', (words, fault) => {
  const { fault: made } = faultFromWords(words.split(' '));
  expect({ ...made, inject: null }).toEqual({ ...fault, inject: null });
});

it('a target of several words is one word', () => {
  expect(faultFromWords(['kill', 'a replica']).fault.text).toBe('kill a replica');
});

it.each([
  ['kil primary', 'there is no fault "kil"; did you mean "kill"?'],
  ['', 'there is no fault ""'],
  ['toString', 'there is no fault "toString"'],
  ['kill', 'kill: target: expected a role or a name, as primary or node:redis-1, got nothing'],
  ['kill a replica', 'a target of several words needs quotes, as "a replica"'],
  ['kill primary, --data kept', 'expected a target, got "primary,"'],
  ['kill primary --dat lost', 'kill has no option --dat; did you mean "--data"?'],
  ['kill primary --constructor x', 'kill has no option --constructor'],
  ['kill primary --data', 'kill: data: expected kept or lost, got nothing'],
  ['kill primary --data los', 'kill: data: there is no "los"; did you mean "lost"?'],
  ['kill primary --data lost --data kept', 'kill: data: expected it once, got it twice'],
  ['latency a b', 'latency: latencyMs: expected a number of at least 0, got nothing'],
  ['latency a b --latencyMs fast', 'latency: latencyMs: expected a number of at least 0, got "fast"'],
  ['split primary', 'split: groups: expected two groups or more, got 1'],
  ['setConfig primary maxmemory', 'expected a setting, as maxmemory=10mb, got "maxmemory"'],
  ['deleteSlots x', 'expected a slot, as 7, 0-99 or key:cart, got "x"'],
  ['flap isolate primary --onMs 5', 'flap: offMs: expected a number of at least 0, got ""'],
  ['flap isolate primary --onMs 5 --offMs 0', 'flap: offMs: expected a number above 0, got 0'],
  ['flap flush primary --onMs 5 --offMs 5', 'flap: expected a fault that can be healed, got flush'],
])('%s: %s', (words, message) => {
  const attempt = () => faultFromWords(words.split(' '));
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(expect.objectContaining({ name: 'UsageError' }));
});
