/**
 * The SHA-256 of a file, in lower case, from a project's list of sums: lines of `sum  file` (sha256sum's format,
 * with or without the `*` of binary mode) or of `hash file sha256 sum address` (Redis's). Undefined when the
 * list does not have the file.
 */
export function publishedSha256(list: string, file: string): string | undefined {
  for (const line of list.split('\n')) {
    const words = line.trim().split(/\s+/);
    const sum =
      words[0] === 'hash' && words[1] === file && words[2] === 'sha256'
        ? words[3]
        : words[1]?.replace(/^\*/, '') === file
          ? words[0]
          : undefined;
    if (sum !== undefined && /^[0-9a-f]{64}$/i.test(sum)) return sum.toLowerCase();
  }
  return undefined;
}
