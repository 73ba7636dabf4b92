/** Keeps from asking somebody who is away. */
export interface Circuit {
  /** Whether to ask now. While it is open one call in every `retryMs` is let through to find out. */
  mayAsk(): boolean;
  answered(): void;
  failed(): void;
  readonly isOpen: boolean;
}

/** Opens after so many failures in a row, so that not every request waits until its time is up. */
export function circuit(
  { failures = 2, retryMs = 250 }: { failures?: number; retryMs?: number } = {},
  nowMs: () => number = () => performance.now(),
): Circuit {
  let inARow = 0;
  let retryAt = 0;
  return {
    mayAsk() {
      if (inARow < failures) return true;
      if (nowMs() < retryAt) return false;
      retryAt = nowMs() + retryMs;
      return true;
    },
    answered() {
      inARow = 0;
    },
    failed() {
      inARow++;
      retryAt = nowMs() + retryMs;
    },
    get isOpen() {
      return inARow >= failures;
    },
  };
}
