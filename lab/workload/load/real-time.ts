/** What k6 measures in ms of its own, which is real, time. Both of k6's and of ../k6/shop.ts. */
const times = /^(http_req_(?!failed)\w+|iteration_duration|group_duration|order_ack)(\{|$)/;
/** k6's counters, of which it tells a rate per second. */
const counts = /^(http_reqs|iterations|data_sent|data_received|logins|logouts|wrong_user|over_limit)(\{|$)/;

/** By what a bound in lab time is multiplied to be one in real time. */
function factorOf(metric: string, expression: string, speed: number): number {
  if (times.test(metric)) return 1 / speed;
  return counts.test(metric) && /^\s*rate\b/.test(expression) ? speed : 1;
}

/** A threshold as k6 has to be told it, so that it means what it says in lab time. */
export function realThreshold(metric: string, expression: string, speed: number): string {
  const factor = factorOf(metric, expression, speed);
  return factor === 1
    ? expression
    : expression.replace(
        /([<>=]\s*)(\d+(?:\.\d+)?)/g,
        (_, sign: string, value: string) => `${sign}${Number(value) * factor}`,
      );
}

/** k6's figures of one metric, in lab time. */
export function labFigures(
  metric: string,
  values: Readonly<Record<string, number>>,
  speed: number,
): Record<string, number> {
  const converted = Object.entries(values).map(([name, value]) => {
    if (times.test(metric)) return [name, name === 'count' ? value : value * speed];
    return [name, counts.test(metric) && name === 'rate' ? value / speed : value];
  });
  return Object.fromEntries(converted);
}
