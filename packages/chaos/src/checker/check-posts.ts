import type { RequestEntry } from '@dispatcher/github-emulator';

/**
 * At GitHub's socket: after a POST whose answer told nothing (none came, or a 5xx) no other goes to that workflow before
 * GitHub's list of its runs was asked for, and where `windowMs` is given not before that time is over. A 4xx proves that
 * nothing was started, and a 2xx that something was.
 */
export function impatientPosts(requests: readonly RequestEntry[], windowMs = 0): string[] {
  const posts = requests.filter(({ operation }) => operation === 'dispatch');
  return posts.flatMap((post, index) => {
    const next = posts.slice(index + 1).find(({ path }) => path === post.path);
    if (next === undefined || (post.status !== null && post.status < 500)) return [];
    const between = requests.slice(requests.indexOf(post), requests.indexOf(next));
    const isAsked = between.some(
      ({ operation, path }) => operation === 'run-list' && workflowIn(path) === workflowIn(post.path),
    );
    const waitedMs = Date.parse(next.at) - Date.parse(post.at);
    const answer = post.status === null ? 'no answer' : `the answer ${post.status}`;
    return [
      ...(isAsked
        ? []
        : [`another POST ${post.path} was sent after ${answer}, and the list of runs was not asked for`]),
      ...(waitedMs >= windowMs ? [] : [`another POST ${post.path} was sent ${waitedMs} ms after ${answer}`]),
    ];
  });
}

const workflowIn = (path: string): string => path.replace(/\/(dispatches|runs)(\?.*)?$/, '');
