import type { Role, RoleSpan } from '../history/observations.ts';

/**
 * Who held which role when, per node. Processes' starts and ends, signals and log lines come with exact times;
 * INFO fills in what they do not say. An INFO answer that is older than the last exact change is ignored.
 */
export class RoleTimeline {
  readonly #spans = new Map<string, { role: Role; from: number }[]>();
  readonly #paused = new Map<string, Role>();

  constructor(nodes: readonly string[]) {
    for (const node of nodes) this.#spans.set(node, [{ role: 'down', from: 0 }]);
  }

  /** From `at` on the node has this role. Times out of order are put where they belong. */
  change(node: string, role: Role, at: number): void {
    const spans = this.#spans.get(node);
    if (spans === undefined) return;
    // A log's times are whole milliseconds, so that one can lie just before the start.
    const from = Math.max(0, at);
    const index = spans.findLastIndex((span) => span.from <= from);
    // What has ended is no longer stopped, and will not continue.
    if (role === 'down') this.#paused.delete(node);
    if (spans[index]?.role === role) return;
    spans.splice(index + 1, 0, { role, from });
  }

  /** The role that INFO, asked at `at`, told; says nothing about a node that is known to be stopped. */
  told(node: string, role: Role, at: number): void {
    const last = this.#spans.get(node)?.at(-1);
    // A log's times are whole milliseconds, so that a change may have come that much later.
    if (last === undefined || last.from + 1 > at || this.#paused.has(node)) return;
    this.change(node, role, at);
  }

  /** The process was stopped (its role is `paused`) or continues with the role that it had. */
  paused(node: string, paused: boolean, at: number): void {
    if (paused) {
      this.#paused.set(node, this.current(node));
      this.change(node, 'paused', at);
    } else {
      const before = this.#paused.get(node);
      this.#paused.delete(node);
      if (before !== undefined) this.change(node, before, at);
    }
  }

  current(node: string): Role {
    return this.#spans.get(node)?.at(-1)?.role ?? 'unknown';
  }

  /** All spans, ending with the run. */
  spans(endMs: number): RoleSpan[] {
    return [...this.#spans].flatMap(([node, spans]) =>
      spans
        .map((span, i) => ({ node, role: span.role, from: span.from, to: spans[i + 1]?.from ?? endMs }))
        .filter((span) => span.to > span.from),
    );
  }
}
