import { setTimeout as delay } from 'node:timers/promises';
import { ciRun } from './calendar.ts';
import type { DemoGitHub } from './demo-github.ts';
import type { Random } from '../demo-organization/random.ts';
import { libraries, ownerOf, services } from '../demo-organization/demo-routes.ts';

export interface LiveTraffic {
  stop(): Promise<void>;
}

const names = [...services, ...services, ...services, ...libraries, 'website', 'ingest', 'carriers'];

/**
 * Completes a run every now and then, whose webhook the system receives. Begins with one that starts a workflow of the
 * partner, whose installation GitHub has rate-limited.
 */
export function startLiveTraffic(options: {
  readonly github: DemoGitHub;
  readonly random: Random;
  /** Average time between two runs. */
  readonly everyMs: number;
  readonly print: (line: string) => void;
}): LiveTraffic {
  const { github, random, everyMs, print } = options;
  const stopping = new AbortController();
  const complete = async (name: string): Promise<void> => {
    const { workflow, event, isTag, ref, conclusion, actor, pullRequest } = ciRun(random, name, 0);
    const repository = `${ownerOf(name)}/${name}`;
    if (!isTag && ref !== 'main')
      await github.call('PUT', `/repositories/${repository}/refs`, { ref: `refs/heads/${ref}`, target: 'main' });
    if (isTag)
      await github.call('PUT', `/repositories/${repository}/refs`, { ref: `refs/tags/${ref}`, target: 'main' });
    const branch = isTag ? `refs/tags/${ref}` : ref;
    const pullRequests = pullRequest === undefined ? [] : [pullRequest];
    await github.call('POST', '/runs', { repository, workflow, branch, event, conclusion, actor, pullRequests });
  };
  const loop = (async () => {
    let next: string = 'shipping';
    while (!stopping.signal.aborted) {
      await complete(next).catch((error: unknown) =>
        print(`A run could not be completed: ${(error as Error).message}`),
      );
      next = random.pick(names);
      await delay(everyMs * (0.5 + random.next()), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

/** Lets GitHub refuse the partner's dispatches by a rate limit, for the time that a demonstration takes. */
export async function limitPartner(github: DemoGitHub, partner: string): Promise<void> {
  const body = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' };
  const fault = { status: 403, headers: { 'retry-after': '1800' }, body };
  const rules = [{ match: { operation: 'dispatch', path: `/repos/${partner}/*`, times: 0 }, fault }];
  await github.call('POST', '/faults', { rules });
}
