/** What happened after a fault. */
export interface Steps {
  /** When each step first happened, in ms since the run's start. */
  times: Readonly<Record<string, number | null>>;
  failovers: number;
  attempts: number;
  aborted: number;
}
