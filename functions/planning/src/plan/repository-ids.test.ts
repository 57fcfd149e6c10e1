import { defaultGuardRails, type Plan, type RepositorySnapshot, type RunCompleted } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { DeferError } from '@dispatcher/lambda';
import { createStateStore, type RepositoryIdStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { noCandidateStore, noCommitRuns, run, withHead, readNoPolicies } from '../testing/fixtures.ts';
import { createCompileCache } from '@dispatcher/rules';
import { getOrCreatePlan, type StoredPlanDependencies } from './stored-plan.ts';

// partner-org/app starts octo-org/deploy. The ids are stored in a real table.

const outbound =
  'outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: octo-org/deploy, workflow: cd.yml }] }]\n';
const inbound =
  'inbound: [{ source: { repository: partner-org/app, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]\n';
const pair = { source: 'partner-org/app', target: 'octo-org/deploy' };

let dynamo: TestDynamo;
let ids: RepositoryIdStore;
let calls: string[];
let inboundFile: string;
let targetId: number;
let beforeWrite: () => Promise<unknown>;
let runs = 0;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  const { state } = await dynamo.createTables();
  ids = createStateStore({ client: dynamo.client, table: state }).repositoryIds;
  calls = [];
  inboundFile = inbound;
  targetId = 22;
  beforeWrite = async () => undefined;
});

function repository(name: string, text: string, id: number): RepositorySnapshot {
  const workflows = { 'cd.yml': readFile('cd', 'on: workflow_dispatch\njobs: {}\n') };
  return readRepository(name, readFile(`blob of ${text}`, text), { id, workflows });
}

function dependencies(trigger: RunCompleted, text: string): StoredPlanDependencies {
  const { owner, name, id } = trigger.repository;
  const unused = () => Promise.reject(new Error('Not needed.'));
  return {
    reader: {
      readSource: async ({ head }) => withHead(repository(`${owner}/${name}`, text, id), head),
      readPolicies: readNoPolicies,
      readTargets: async () => ({ 'octo-org/deploy': repository('octo-org/deploy', inboundFile, targetId) }),
    },
    revisions: { setCurrent: async () => {} },
    planProblems: { begin: async () => {}, isOpen: async () => false },
    files: { put: async () => {} },
    once: async (_, work) => work(),
    cache: createCompileCache(),
    permissionsOf: unused,
    findRequester: unused,
    withdrawals: { put: async () => {} },
    decisionMaxAgeMs: 300_000,
    appSlug: 'dispatcher',
    deferDuringOutage: unused,
    waitToParse: async () => {},
    guardRails: defaultGuardRails,
    observer: { observeOfPlan: async () => {} },
    ...noCommitRuns,
    startedBy: async () => null,
    candidates: noCandidateStore,
    repositoryIds: {
      getPolicy: async () => null,
      putPolicy: async () => {},
      getIds: async (of) => {
        calls.push('get');
        return ids.getIds(of);
      },
      putIds: async (of, next, known) => {
        calls.push('put');
        await beforeWrite();
        return ids.putIds(of, next, known);
      },
    },
    now: () => Date.parse('2026-01-02T03:04:10.000Z'),
  };
}

async function planOf(sourceId: number, owner = 'partner-org'): Promise<Plan> {
  runs += 1;
  const trigger = run({
    repository: { id: sourceId, owner, name: 'app', defaultBranch: 'main' },
    of: { id: runs, headRepositoryId: sourceId },
  });
  const { plan } = await getOrCreatePlan(
    dependencies(trigger, outbound),
    { trigger, startedBy: null },
    { isLast: false },
  );
  return plan;
}

const codesOf = ({ decisions }: Plan) => decisions.map(({ code }) => code);

describe('planning a run whose target has another owner', () => {
  test('reads the remembered ids once, and writes them only if they are new or changed', async () => {
    expect(codesOf(await planOf(11))).toEqual(['allowed']);
    expect(calls).toEqual(['get', 'put']);
    expect(codesOf(await planOf(11))).toEqual(['allowed']);
    expect(calls).toEqual(['get', 'put', 'get']);
    expect(await ids.getIds(pair)).toMatchObject({
      source: { repositoryId: 11 },
      target: { repositoryId: 22 },
      version: 1,
    });
  });

  test('a source with a new id is refused, with one write, until the target’s file is changed', async () => {
    await planOf(11);
    calls = [];
    for (let times = 0; times < 3; times += 1) expect(codesOf(await planOf(12))).toEqual(['source-replaced']);
    expect(calls).toEqual(['get', 'put', 'get', 'get']);
    inboundFile = `${inbound}# They moved.\n`;
    expect(codesOf(await planOf(12))).toEqual(['allowed']);
    expect(codesOf(await planOf(11))).toEqual(['source-replaced']);
  });

  test('a target with a new id is refused', async () => {
    await planOf(11);
    targetId = 23;
    expect(codesOf(await planOf(11))).toEqual(['target-replaced']);
    targetId = 22;
    expect(codesOf(await planOf(11))).toEqual(['allowed']);
  });

  test('of two first runs with different ids at the same time, one is allowed and the other is planned again and refused', async () => {
    beforeWrite = async () => {
      beforeWrite = async () => undefined;
      await planOf(11);
    };
    await expect(planOf(12)).rejects.toThrow(DeferError);
    expect(codesOf(await planOf(12))).toEqual(['source-replaced']);
  });
});

test('a run whose targets have the same owner neither reads nor writes ids', async () => {
  inboundFile = inbound.replace('partner-org/app', 'app');
  expect(codesOf(await planOf(11, 'octo-org'))).toEqual(['allowed']);
  expect(calls).toEqual([]);
});
