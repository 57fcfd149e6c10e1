import type { RequestEntry } from '@dispatcher/github-emulator';

/**
 * Finds POSTs that were repeated too early, in GitHub's log of requests. After a POST with an unknown result (no response,
 * or a 5xx) the next one to that workflow must wait until the workflow's runs were listed and, where `windowMs` is given,
 * until that time has passed. A 4xx proves that nothing was started, a 2xx that something was.
 */
export function findPrematurePosts(requests: readonly RequestEntry[], windowMs = 0): string[] {
  const posts = requests.filter(({ operation }) => operation === 'dispatch');
  return posts.flatMap((post, index) => {
    const next = posts.slice(index + 1).find(({ path }) => path === post.path);
    if (next === undefined || (post.status !== null && post.status < 500)) return [];
    const between = requests.slice(requests.indexOf(post), requests.indexOf(next));
    const wasListed = between.some(
      ({ operation, path }) => operation === 'run-list' && workflowIn(path) === workflowIn(post.path),
    );
    const waitedMs = Date.parse(next.at) - Date.parse(post.at);
    const response = post.status === null ? 'no response' : `the response ${post.status}`;
    return [
      ...(wasListed ? [] : [`another POST ${post.path} followed ${response}, and the runs were not listed before it`]),
      ...(waitedMs >= windowMs ? [] : [`another POST ${post.path} was sent ${waitedMs} ms after ${response}`]),
    ];
  });
}

const workflowIn = (path: string): string => path.replace(/\/(dispatches|runs)(\?.*)?$/, '');
