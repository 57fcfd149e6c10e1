// What a text in the find field means.
import { type RouteSides, sidesOf } from './route-sides.ts';

export type FindTarget =
  /** The page itself is known. */
  | { readonly kind: 'page'; readonly page: 'run'; readonly runKey: string }
  | { readonly kind: 'page'; readonly page: 'route'; readonly routeId: string }
  | { readonly kind: 'page'; readonly page: 'repository'; readonly owner: string; readonly name: string }
  | { readonly kind: 'page'; readonly page: 'runs'; readonly search: RunsOfBranch | RunsOfPullRequest }
  /** A route by the names of its two sides. */
  | { readonly kind: 'route'; readonly sides: RouteSides }
  /** The API knows which runs it is about. */
  | { readonly kind: 'search'; readonly by: 'commit' | 'delivery' | 'dispatch' | 'run'; readonly value: string }
  /** Recorded under another name: `say` tells what to look for instead. */
  | { readonly kind: 'unknown'; readonly say: string };

interface RunsOfBranch {
  readonly repository: string;
  readonly branch: string;
}

interface RunsOfPullRequest {
  readonly repository: string;
  readonly pullRequest: string;
}

const runUrl = /^https?:\/\/[^\s/]+\/([\w.-]+)\/([\w.-]+)\/actions\/runs\/(\d{1,20})/;
const pullUrl = /^https?:\/\/[^\s/]+\/([\w.-]+\/[\w.-]+)\/pull\/(\d+)/;
const pullReference = /^([\w.-]+\/[\w.-]+)#(\d+)$/;
// The URL of a commit of a pull request names both.
const commitUrl = /^https?:\/\/[^\s/]+\/[\w.-]+\/[\w.-]+\/(?:pull\/\d+\/)?(?:commits?|changes)\/([0-9a-f]{40})/i;
const branchUrl = /^https?:\/\/[^\s/]+\/([\w.-]+\/[\w.-]+)\/tree\/([^?#]+)$/;
const repositoryUrl = /^https?:\/\/[^\s/]+\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/;
const runKey = /^(?:\d{1,20}-\d{1,20}-\d{1,20}|request-[0-9a-f]{32})$/;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const search = (by: 'commit' | 'delivery' | 'dispatch' | 'run', value: string): FindTarget => ({
  kind: 'search',
  by,
  value,
});
const runsOf = (of: RunsOfBranch | RunsOfPullRequest): FindTarget => ({ kind: 'page', page: 'runs', search: of });
const unknown = (say: string): FindTarget => ({ kind: 'unknown', say });

/** Returns a URL without percent-encoding; the text itself if it is not encoded properly. */
function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

/** Returns what a text names: by its form, as each kind of id has its own. */
export function findTarget(input: string): FindTarget {
  const text = input.trim();
  const run = runUrl.exec(text);
  // The URL of an attempt or a job names its run, too.
  if (run !== null) return search('run', run[3]!);
  const commit = commitUrl.exec(text);
  if (commit !== null) return search('commit', commit[1]!.toLowerCase());
  const pull = pullUrl.exec(text) ?? pullReference.exec(text);
  if (pull !== null) return runsOf({ repository: pull[1]!, pullRequest: pull[2]! });
  const [, ofBranch = '', branch = ''] = branchUrl.exec(decoded(text)) ?? [];
  if (branch !== '') return runsOf({ repository: ofBranch, branch });
  const repository = repositoryUrl.exec(text) ?? /^([\w.-]+)\/([\w.-]+)$/.exec(text);
  if (repository !== null) return { kind: 'page', page: 'repository', owner: repository[1]!, name: repository[2]! };
  const sides = sidesOf(text);
  if (sides !== null) return { kind: 'route', sides };
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
  return unknown('This is not an id, a URL of GitHub, a repository with its owner or a route.');
}
