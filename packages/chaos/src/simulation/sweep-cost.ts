import type { Fact } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { createConfigObserver } from '@dispatcher/planning/src/observe/config-observer.ts';
import { repositoriesPerRequest, sweepRepositories } from '@dispatcher/planning/src/observe/sweep.ts';
import { createCompileCache } from '@dispatcher/rules';
import { createStateStore } from '@dispatcher/store';
import { createMemoryDynamo } from '@dispatcher/store/testing';

/** What a sweep through one installation costs. */
export interface SweepCost {
  readonly restRequests: number;
  readonly graphqlRequests: number;
  /** Ticks of the schedule, one a minute. */
  readonly minutes: number;
  readonly facts: number;
  /** Write units in the table `state`. */
  readonly writeUnits: number;
}

const minuteMs = 60_000;
const perPage = 100;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined, with: () => log };

/** Runs two sweeps over so many repositories: the first one records each, the second one finds no change. */
export async function measureSweeps(
  repositories: number,
  pointLimit = 5_000,
): Promise<readonly [SweepCost, SweepCost]> {
  const memory = createMemoryDynamo({ metered: true });
  const client = memory.newClient();
  let time = Date.parse('2026-01-01T00:00:00.000Z');
  const now = () => time;
  const counts = { rest: 0, graphql: 0, facts: 0 };
  const state = createStateStore({ client, table: 'state', now });
  const bus = { publish: async (facts: readonly Fact[]) => void (counts.facts += facts.length) };
  const { observations } = state;
  const meter = { count: () => undefined, milliseconds: () => undefined };
  const listed = Array.from({ length: repositories }, (_, at) => ({ id: at + 1, owner: 'octo-org', name: `r${at}` }));
  const file = readFile('a'.repeat(40), 'outbound: []\n');
  const deps = {
    sweeps: state.sweep,
    observations,
    configs: createConfigObserver({ observations, cache: createCompileCache(), bus, log, now }),
    inventory: {
      installations: async () => {
        counts.rest += 1;
        const settingsUrl = 'https://github.com/organizations/octo-org/settings/installations/1';
        return {
          installations: [{ installationId: 1, account: 'octo-org', settingsUrl, suspendedAt: null }],
          isLast: true,
        };
      },
      access: async () => {
        counts.rest += 2;
        const permissions = { metadata: 'read', contents: 'read', actions: 'write', issues: 'write', checks: 'write' };
        const granted = { permissions, events: ['workflow_run', 'push', 'repository', 'check_run', 'check_suite'] };
        const app = { id: 1, name: 'Dispatcher', url: 'https://github.com/apps/dispatcher' };
        return { app, granted, requested: granted, selection: 'all' as const };
      },
      repositories: async (_: number, page: number) => {
        counts.rest += 1;
        const own = listed.slice((page - 1) * perPage, page * perPage);
        return { repositories: own, total: repositories, isLast: own.length < perPage };
      },
    },
    createReader: (onRequest: () => void) => {
      let reads = 0;
      return {
        readSource: async ({ name }: { readonly name: string }) => {
          if (reads % repositoriesPerRequest === 0) {
            onRequest();
            counts.graphql += 1;
          }
          reads += 1;
          return readRepository(`octo-org/${name}`, file, { id: Number(name.slice(1)) + 1, installationId: 1 });
        },
      };
    },
    pointLimitOf: () => pointLimit,
    progress: { setProgress: async () => undefined },
    meter,
    log,
    now,
  };

  async function sweepOnce(): Promise<SweepCost> {
    Object.assign(counts, { rest: 0, graphql: 0, facts: 0 });
    memory.collectCapacity();
    let minutes = 0;
    for (let isDone = false; !isDone; minutes += 1) {
      await sweepRepositories(deps, () => true);
      const sweep = await state.sweep.getSweep();
      isDone = sweep?.startedAt === null;
      time += minuteMs;
    }
    time = Math.max(time, Date.parse((await state.sweep.getSweep())?.nextAt ?? ''));
    const { singleUnits, transactionUnits, indexUnits } = memory.collectCapacity();
    const writeUnits = singleUnits + transactionUnits + indexUnits;
    return { restRequests: counts.rest, graphqlRequests: counts.graphql, minutes, facts: counts.facts, writeUnits };
  }
  return [await sweepOnce(), await sweepOnce()];
}
