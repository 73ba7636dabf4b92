import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the history of the nights lies between them: one file in a branch of its own. */
export interface HistoryBranch {
  /** A clone of the repository. */
  repository: string;
  remote: string;
  branch: string;
}

const NAME = 'nights.sqlite';
const AUTHOR = { name: 'failover lab', email: 'failover-lab@localhost' };

/** Brings the history as `file`, and returns the commit that it came from: null when there is no such branch yet, as on the first night. */
export async function fetchHistory(
  { repository, remote, branch }: HistoryBranch,
  file: string,
): Promise<string | null> {
  const git = gitIn(repository);
  const heads = text(await git('ls-remote', '--heads', remote, `refs/heads/${branch}`));
  const commit = heads.split('\t')[0] ?? '';
  if (commit === '') return null;
  await git('fetch', '--quiet', '--depth', '1', remote, commit);
  const history = await git('cat-file', 'blob', `${commit}:${NAME}`);
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, history);
  return commit;
}

/**
 * Puts `file` into the branch, which then has this one commit and no past: the past is in the file, and a repository must
 * not grow by all of its versions. `expected` is what `fetchHistory` returned; rejects when the branch is elsewhere by now,
 * since that would forget somebody else's night.
 */
export async function keepHistory(
  { repository, remote, branch }: HistoryBranch,
  file: string,
  expected: string | null,
): Promise<void> {
  if (!existsSync(file)) throw new Error(`expected the history at ${path.resolve(file)}, got nothing`);
  const git = gitIn(repository);
  const blob = text(await git('hash-object', '-w', path.resolve(file)));
  const tree = text(await gitIn(repository, `100644 blob ${blob}\t${NAME}\n`)('mktree'));
  const commit = text(await git('commit-tree', tree, '-m', 'The nights so far'));
  const ref = `refs/heads/${branch}`;
  await git('push', '--quiet', `--force-with-lease=${ref}:${expected ?? ''}`, remote, `${commit}:${ref}`);
}

/** Runs git there and gives what it prints; rejects with its own words. */
function gitIn(cwd: string, input = '') {
  const env = {
    ...process.env,
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
  };
  return (...args: string[]): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const options = { cwd, env, encoding: 'buffer', maxBuffer: 1 << 30 } as const;
      const child = execFile('git', args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(new Error(`git ${args[0]}: ${stderr.toString().trim() || error.message}`, { cause: error }));
      });
      // Git may be done before it reads; if it failed, it says so itself.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
    });
}

function text(output: Buffer): string {
  return output.toString().trim();
}
