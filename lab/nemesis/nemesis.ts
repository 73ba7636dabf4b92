import { sleep } from '../common/clock.ts';
import { messageOf } from '../common/errors.ts';
import type { Fault, FaultSurface, InjectedFault } from '../faults/fault.ts';
import type { FaultWindow, LabEvent } from '../history/observations.ts';
import type { EventLog } from '../probes/event-log.ts';
import type { RunClock } from '../probes/run-clock.ts';
import type { Condition } from './condition.ts';
import type { Line, Schedule, Step } from './schedule.ts';

/** Runs a schedule and keeps the record of each fault. */
export class Nemesis {
  readonly windows: FaultWindow[] = [];
  readonly #surface: FaultSurface;
  readonly #clock: RunClock;
  readonly #events: EventLog;
  readonly #inForce: { window: FaultWindow; fault: InjectedFault }[] = [];
  readonly #signal: AbortSignal;
  /** Aborted when one line fails, so that the others do not go on breaking things. */
  readonly #failed = new AbortController();

  constructor(surface: FaultSurface, clock: RunClock, events: EventLog, signal: AbortSignal) {
    this.#surface = surface;
    this.#clock = clock;
    this.#events = events;
    this.#signal = AbortSignal.any([signal, this.#failed.signal]);
  }

  /** One line for each fault in force now. */
  inForce(): string[] {
    return this.#inForce.map(({ window }) => window.text);
  }

  /** The ids of the faults in force now, in the order in which they were injected. */
  idsInForce(): string[] {
    return this.#inForce.map(({ window }) => window.id);
  }

  /** Runs all lines side by side to their ends. The first that fails ends the others; its error is thrown when all have ended. */
  async run(schedule: Schedule): Promise<void> {
    const failures: unknown[] = [];
    await Promise.all(
      schedule.lines.map((line) =>
        this.#line(line).catch((error: unknown) => {
          failures.push(error);
          this.#failed.abort(error);
        }),
      ),
    );
    if (failures.length > 0) throw failures[0];
  }

  /** Injects one fault now, outside of any schedule: its window, proved or not. Throws what the fault throws. */
  async inject(fault: Fault): Promise<FaultWindow> {
    return (await this.#inject(fault)).window;
  }

  /** Heals the fault in force that has this id; null when none has. */
  async heal(id: string): Promise<FaultWindow | null> {
    const entry = this.#inForce.find(({ window }) => window.id === id);
    if (entry === undefined) return null;
    await this.#heal(entry);
    return entry.window;
  }

  /** Heals what is still in force, the last first. */
  async healAll(): Promise<void> {
    for (let last = this.#inForce.at(-1); last !== undefined; last = this.#inForce.at(-1))
      await this.#heal(last);
  }

  async #line({ steps }: Line): Promise<void> {
    const mine: { window: FaultWindow; fault: InjectedFault }[] = [];
    let since = this.#events.all.length;
    for (const step of steps) {
      this.#signal.throwIfAborted();
      if (step.do === 'inject') since = this.#events.all.length;
      await this.#step(step, mine, since);
    }
  }

  async #step(
    step: Step,
    mine: { window: FaultWindow; fault: InjectedFault }[],
    since: number,
  ): Promise<void> {
    if (step.do === 'wait') await sleep(step.ms, this.#signal);
    else if (step.do === 'wait-until') await this.#seen(step.condition, step.withinMs, since);
    else if (step.do === 'inject') mine.push(await this.#inject(step.fault));
    else {
      const last = mine.pop();
      if (last !== undefined) await this.#heal(last);
    }
  }

  async #inject(fault: Fault) {
    const window: FaultWindow = {
      id: `${fault.name}-${this.windows.length + 1}`,
      name: fault.name,
      text: fault.text,
      targets: [],
      injectedAt: this.#clock.now(),
      provedAt: null,
      healedAt: null,
      recoveredAt: null,
      proof: 'not injected',
    };
    const index = this.windows.push(window) - 1;
    this.#note(`injecting: ${fault.text}`);
    const injected = await fault.inject(this.#surface).catch((error: unknown) => {
      this.windows[index] = { ...window, proof: `not injected: ${messageOf(error)}` };
      throw error;
    });
    const { text, targets, proof, refusedBy } = injected;
    const entry = {
      window: { ...window, text, targets, proof: proof.text, ...(refusedBy ? { refusedBy } : {}) },
      fault: injected,
    };
    if (proof.proved) entry.window.provedAt = this.#clock.now();
    this.windows[index] = entry.window;
    this.#inForce.push(entry);
    this.#note(`${proof.proved ? 'in force' : 'NOT PROVED'}: ${text} (${proof.text})`);
    return entry;
  }

  async #heal(entry: { window: FaultWindow; fault: InjectedFault }): Promise<void> {
    const index = this.#inForce.indexOf(entry);
    if (index < 0) return;
    this.#inForce.splice(index, 1);
    entry.window.healedAt = this.#clock.now();
    const proof = await entry.fault
      .heal()
      .catch((error: unknown) => ({ proved: false, text: messageOf(error) }));
    if (proof.proved) entry.window.recoveredAt = this.#clock.now();
    this.#note(`${proof.proved ? 'healed' : 'NOT HEALED'}: ${entry.window.text} (${proof.text})`);
  }

  /** Waits for an event since the line's last injection; the faults themselves decide nothing here. */
  async #seen(condition: Condition, withinMs: number, since: number): Promise<void> {
    const matches = (event: LabEvent) => condition.seen(event);
    if (this.#events.all.slice(since).some(matches)) return;
    const found = new AbortController();
    const unsubscribe = this.#events.subscribe((event) => matches(event) && found.abort());
    try {
      await sleep(withinMs, AbortSignal.any([this.#signal, found.signal]));
      this.#note(`gave up after ${withinMs} ms waiting until ${condition.text}`);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!found.signal.aborted) throw error;
    } finally {
      unsubscribe();
    }
  }

  #note(text: string): void {
    this.#events.record({ at: this.#clock.now(), source: 'lab', kind: 'fault', text });
  }
}
