/** Go's name of a processor from Node's; undefined for those that the projects do not build for. */
export function goArch(arch: string): 'amd64' | 'arm64' | undefined {
  if (arch === 'x64') return 'amd64';
  return arch === 'arm64' ? 'arm64' : undefined;
}
