import type { RunDocument } from '../../reports/data/run-document.ts';

/** What keys, errors, names and log lines may hold: whoever writes to a Redis chooses them. */
const hostile = [
  '<img src=x onerror="window.ran=1">',
  '</script><script>window.ran=1</script>',
  '"><svg onload=window.ran=1>',
  "' onmouseover='window.ran=1",
  '</style></title></textarea><iframe srcdoc="<script>parent.ran=1</script>">',
  'javascript:window.ran=1',
  '\u202eright to left\u202c \u2066isolated',
  'zero\u200bwidth\u200d\ufeff\u2060joined',
  'a lone \ud800 surrogate \udfff',
  'controls \u0000\u0007\u001b[31m\u0085\u2028\u2029',
  '👩‍👩‍👧‍👦🏳️‍🌈 ＦＵＬＬ 漢字 مرحبا',
  `Z̷̢̛̫a̶̛̫l̸̢̛g̴̛̫o ${'\u0301'.repeat(40)}`,
  '{{7*7}} <%= 7*7 %> %s %n',
];
const longKey = `long:${'key'.repeat(3400)}`;

/** Where text decides what the page is, it stays as it is. */
const kept =
  /^(format|version|outcome|variant|timing|role|kind|verdict|met|checker|cause|startedAt|unit|figure|subject|how|what|type)$/;

/**
 * The same run with something hostile behind every text, the same behind the same, so that what belongs together still
 * does; and a key of 10 kB in its first findings and errors.
 */
export function hostileDocument(document: RunDocument): RunDocument {
  const seen = new Map<string, string>();
  const spoilt = (text: string) => {
    const known = seen.get(text);
    if (known !== undefined) return known;
    const made = `${text}${hostile[seen.size % hostile.length]}`;
    seen.set(text, made);
    return made;
  };
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return spoilt(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, kept.test(key) || key === 'spec' ? each : walk(each)]),
    );
  };
  const whole = walk({ ...document, checkSpecs: [] }) as RunDocument;
  const errors = Object.fromEntries([
    ...Object.entries(document.errors).map(([error, n]) => [spoilt(error), n] as const),
    [longKey, 3],
  ]);
  const checks = whole.checks.map((check) => ({
    ...check,
    findings: check.findings.map((finding, i) =>
      i < 3 ? { ...finding, key: longKey, text: longKey } : finding,
    ),
  }));
  return { ...whole, checkSpecs: document.checkSpecs, errors, checks };
}
