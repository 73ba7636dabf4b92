/** INFO's `name:value` lines as a record; headers and blank lines left out. */
export function infoOf(text: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) result[line.slice(0, colon)] = line.slice(colon + 1);
  }
  return result;
}

/** How many replicas a primary's INFO counts as online. */
export function onlineReplicas(info: Readonly<Record<string, string>>): number {
  return Object.entries(info).filter(([name, value]) => /^slave\d+$/.test(name) && /state=online/.test(value))
    .length;
}
