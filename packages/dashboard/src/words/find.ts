// What a text in the find field means.

export type FindTarget =
  /** The page itself is known. */
  | { readonly kind: 'page'; readonly page: 'run'; readonly runKey: string }
  | { readonly kind: 'page'; readonly page: 'route'; readonly routeId: string }
  | { readonly kind: 'page'; readonly page: 'repository'; readonly owner: string; readonly name: string }
  /** The API knows which runs it is about. */
  | { readonly kind: 'search'; readonly by: 'commit' | 'delivery' | 'dispatch' | 'run'; readonly value: string }
  /** Recorded under another name: `say` tells what to look for instead. */
  | { readonly kind: 'unknown'; readonly say: string; readonly repository: string | null };

const runUrl = /^https?:\/\/[^\s/]+\/([\w.-]+)\/([\w.-]+)\/actions\/runs\/(\d{1,20})/;
const pullUrl = /^https?:\/\/[^\s/]+\/([\w.-]+)\/([\w.-]+)\/pull\/(\d+)/;
const commitUrl = /^https?:\/\/[^\s/]+\/[\w.-]+\/[\w.-]+\/commits?\/([0-9a-f]{40})/i;
const repositoryUrl = /^https?:\/\/[^\s/]+\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/;
const runKey = /^(?:\d{1,20}-\d{1,20}-\d{1,20}|request-[0-9a-f]{32})$/;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const search = (by: 'commit' | 'delivery' | 'dispatch' | 'run', value: string): FindTarget => ({
  kind: 'search',
  by,
  value,
});
const unknown = (say: string, repository: string | null = null): FindTarget => ({ kind: 'unknown', say, repository });

/** Returns what a text names: by its form, as each kind of id has its own. */
export function findTarget(input: string): FindTarget {
  const text = input.trim();
  const run = runUrl.exec(text);
  // The URL of an attempt or a job names its run, too.
  if (run !== null) return search('run', run[3]!);
  const pull = pullUrl.exec(text);
  if (pull !== null) {
    return unknown(
      'Runs are not recorded by pull request. Paste the URL of one of its workflow runs, or the commit at its head with all 40 digits.',
      `${pull[1]}/${pull[2]}`,
    );
  }
  const commit = commitUrl.exec(text);
  if (commit !== null) return search('commit', commit[1]!.toLowerCase());
  const repository = repositoryUrl.exec(text) ?? /^([\w.-]+)\/([\w.-]+)$/.exec(text);
  if (repository !== null) return { kind: 'page', page: 'repository', owner: repository[1]!, name: repository[2]! };
  if (runKey.test(text)) return { kind: 'page', page: 'run', runKey: text };
  if (guid.test(text)) return search('delivery', text);
  if (/^\d{5,20}$/.test(text)) return search('run', text);
  if (/^[0-9a-f]{40}$/i.test(text)) return search('commit', text.toLowerCase());
  if (/^[0-9a-f]{32}$/.test(text)) return search('dispatch', text);
  if (/^[0-9a-f]{16}$/.test(text)) return { kind: 'page', page: 'route', routeId: text };
  if (/^[0-9a-f]{7,39}$/i.test(text)) {
    return unknown(
      'This looks like a shortened commit. Commits are found by all 40 digits: copy the full one from GitHub.',
    );
  }
  return unknown('This is not an id, a URL of GitHub or a repository with its owner.');
}
