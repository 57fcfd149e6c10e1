import {
  type Code,
  type DispatchAccepted,
  dispatchId,
  type Fact,
  factsOfPlan,
  type Outcome,
  type RouteDecided,
  routeId,
} from '@dispatcher/contracts';
import {
  accepted,
  completed,
  deadLettered,
  failed,
  planFacts,
  samplePlan,
  sampleRoute,
  sampleRun,
} from '@dispatcher/store/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type AdminHarness, startAdminHarness } from '../testing/admin-harness.ts';

const start = Date.parse('2026-11-03T14:00:00Z');
const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

let harness: AdminHarness;
let app: FastifyInstance;

/** Returns the plan of run `number` of `octo-org/<repository>`, which names no route. */
function planned(number: number, repository: string, outcome: Outcome, code: Code, revision = 0): Fact[] {
  const run = sampleRun(number, at(number));
  const trigger = { ...run, repository: { ...run.repository, name: repository } };
  return factsOfPlan({ ...samplePlan(trigger, []), outcome, code, revision }, at(number + 100 * revision));
}

const [, allowed, denied] = planFacts(sampleRun(7, at(7)), ['allow', 'deny'], at(7)) as [
  Fact,
  RouteDecided,
  RouteDecided,
];
const [, refused] = planFacts(sampleRun(8, at(8)), ['allow'], at(8)) as [Fact, RouteDecided];
const { runKey } = refused;

/** The dispatch of the same route and run that an operator started with `dispatch-again`. */
function retried(generation: number): DispatchAccepted {
  const fact = accepted(refused, at(20 + generation));
  const id = dispatchId(runKey, refused.data.decision.routeId, generation);
  return { ...fact, id: `again-${generation}`, data: { ...fact.data, dispatchId: id } };
}

beforeAll(async () => {
  harness = await startAdminHarness();
  app = harness.app();
  await harness.facts.recordFacts([
    ...planned(1, 'app', 'no-match', 'no-match'),
    ...planned(2, 'app', 'config-unreadable', 'config-unreadable'),
    ...planned(3, 'shop', 'config-unreadable', 'config-unreadable'),
    ...planned(4, 'shop', 'source-refused', 'fork-run'),
    ...planned(5, 'shop', 'config-invalid', 'config-ambiguous'),
    ...planned(6, 'shop', 'config-invalid', 'config-invalid'),
    allowed,
    denied,
    refused,
    accepted(allowed, at(9)),
    completed(allowed, at(12), at(9)),
    failed(refused, at(10)),
    deadLettered('m1', at(11), 'delivery-11', '11-9000000011-1'),
  ]);
});
afterAll(() => harness.close());

interface Body {
  readonly cursor: string | null;
  readonly detail?: string;
  readonly [list: string]: unknown;
}

async function get(url: string): Promise<{ readonly status: number; readonly body: Body }> {
  const response = await app.inject({ url: `/api/${url}` });
  return { status: response.statusCode, body: response.json<Body>() };
}

/** Returns one field of every row of a list. */
async function rows(url: string, list: string, field: string): Promise<unknown[]> {
  const { status, body } = await get(url);
  expect({ status, body }).toMatchObject({ status: 200 });
  return (body[list] as Record<string, unknown>[]).map((row) => row[field]);
}

const deliveries = (query: string) => rows(`deliveries?${query}`, 'deliveries', 'deliveryId');
const named = (...numbers: number[]) => numbers.map((number) => `delivery-${number}`);

describe('deliveries and runs', () => {
  test.each<[string, number[]]>([
    ['', [11, 6, 5, 4, 3, 2, 1]],
    ['outcome=config-unreadable', [3, 2]],
    ['outcome=no-match', [1]],
    ['outcome=config-invalid', [6, 5]],
    ['code=config-invalid', [6]],
    ['code=config-ambiguous', [5]],
    ['code=fork-run', [4]],
    ['code=no-match', [1]],
    ['code=dispatch-rejected', []],
    ['repository=Octo-Org/SHOP', [6, 5, 4, 3]],
    ['repository=octo-org/shop&outcome=config-unreadable', [3]],
    ['repository=octo-org/shop&code=config-ambiguous', [5]],
    ['repository=octo-org/unknown', []],
    ['kind=dead-lettered', [11]],
    ['kind=delayed', []],
    [`since=${at(3)}`, [11, 6, 5, 4, 3]],
    [`since=${at(3)}&until=${at(5)}`, [4, 3]],
    [`until=${at(2)}&repository=octo-org/app`, [1]],
    ['since=2026-11-03T16:05:00%2B02:00&outcome=config-invalid', [6, 5]],
    [`outcome=config-unreadable&since=${at(2.5)}`, [3]],
  ])('filtered by "%s"', async (query, numbers) => {
    expect(await deliveries(query)).toEqual(named(...numbers));
    expect(await rows(`runs?${query}`, 'runs', 'deliveryId')).toEqual(named(...numbers));
  });

  test('a delivery that is planned again stays one row in its place, with the result of the newest revision', async () => {
    await harness.facts.recordFacts(planned(1, 'app', 'planned', 'planned', 2));
    await harness.facts.recordFacts(planned(1, 'app', 'paused', 'paused', 1));
    expect(await deliveries('')).toEqual(named(11, 6, 5, 4, 3, 2, 1));
    expect(await deliveries('outcome=no-match')).toEqual([]);
    expect(await deliveries('outcome=paused')).toEqual([]);
    const { body } = await get('deliveries?outcome=planned');
    expect(body['deliveries']).toMatchObject([
      { deliveryId: 'delivery-1', revision: 2, outcome: 'planned', time: at(1), updatedAt: at(201) },
    ]);
  });

  test('the runs of a pull request are those of its number in this repository', async () => {
    const ofPullRequest = (number: number, repository: string, pullRequestNumber: number): Fact[] => {
      const { run, ...rest } = sampleRun(number, at(number - 100));
      const trigger = { ...rest, run: { ...run, event: 'pull_request', pullRequestNumber } };
      const of = { ...trigger, repository: { ...trigger.repository, name: repository } };
      return factsOfPlan(samplePlan(of, []), at(number - 100));
    };
    await harness.facts.recordFacts([
      ...ofPullRequest(21, 'app', 7),
      ...ofPullRequest(22, 'app', 8),
      ...ofPullRequest(23, 'shop', 7),
      ...ofPullRequest(24, 'app', 7),
    ]);
    const query = 'repository=Octo-Org/App&pullRequest=7';
    expect(await deliveries(query)).toEqual(named(24, 21));
    expect(await rows(`deliveries?${query}`, 'deliveries', 'pullRequest')).toEqual([7, 7]);
    expect(await rows(`runs?${query}`, 'runs', 'deliveryId')).toEqual(named(24, 21));
    expect(await get('runs?pullRequest=7')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('use `pullRequest` together with `repository`') },
    });
  });

  test('a cursor is refused with other filters, and accepted with the same ones', async () => {
    const { cursor } = (await get('deliveries?limit=1&outcome=config-unreadable')).body;
    for (const other of ['', 'outcome=config-invalid', `outcome=config-unreadable&since=${at(0)}`]) {
      const { status, body } = await get(`deliveries?limit=1&${other}&cursor=${cursor}`);
      expect({ status, detail: body.detail }).toEqual({
        status: 400,
        detail: expect.stringContaining('The cursor does not belong to this list with these filters.'),
      });
    }
    expect((await get(`dispatches?cursor=${cursor}`)).status).toBe(400);
    expect(await deliveries(`limit=5&outcome=config-unreadable&cursor=${cursor}`)).toEqual(named(2));
  });
});

describe('dispatches', () => {
  const ids = (query: string) => rows(`dispatches?${query}`, 'dispatches', 'dispatchId');
  const ok = allowed.data.decision.dispatchId;
  const bad = refused.data.decision.dispatchId;

  test.each<[string, string[]]>([
    ['', [bad, ok]],
    ['state=failed', [bad]],
    ['state=completed', [ok]],
    ['state=accepted', []],
    ['code=dispatch-rejected', [bad]],
    ['repository=octo-org/TARGET-0&state=completed', [ok]],
    ['repository=octo-org/target-0&code=dispatch-rejected', [bad]],
    ['repository=octo-org/target-1', []],
    [`since=${at(10)}`, [bad]],
  ])('filtered by "%s"', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('a failed dispatch is resolved once GitHub accepted a later one of the same route and run', async () => {
    const before = (await get('dispatches?state=failed')).body['dispatches'] as object[];
    expect(before).toMatchObject([{ dispatchId: bad, message: 'No ref found for: main' }]);
    expect(before[0]).not.toHaveProperty('resolved');
    await harness.facts.recordFacts([retried(2)]);
    const { body } = await get('dispatches?state=failed');
    expect(body['dispatches']).toMatchObject([{ dispatchId: bad, resolved: true }]);
    expect(await ids('state=accepted')).toEqual([retried(2).data.dispatchId]);
  });
});

test.each<[string, string[]]>([
  ['list=dispatches', ['dispatch.accepted', 'dispatch.failed', 'dispatch.completed', 'dispatch.accepted']],
  ['list=dispatches&type=dispatch.completed', ['dispatch.completed']],
  ['list=dispatches&type=run.planned', []],
  ['list=dispatches&target=Octo-Org/Target-0&source=octo-org/APP&type=dispatch.failed', ['dispatch.failed']],
  ['list=dispatches&target=octo-org/app', []],
  ['list=dispatches&source=octo-org/target-0', []],
  [`list=dispatches&type=dispatch.failed&since=${at(11)}`, []],
  [
    'list=deliveries&source=octo-org/shop&since=2026-11-03T14:00:00Z&until=2026-11-03T14:05:30Z',
    ['run.planned', 'run.planned', 'run.planned'],
  ],
  ['list=deliveries&type=message.dead-lettered', ['message.dead-lettered']],
  ['list=deliveries&target=octo-org/target-0', []],
])('facts filtered by "%s"', async (query, types) => {
  expect(await rows(`facts?${query}`, 'facts', 'type')).toEqual(types);
});

describe('routes', () => {
  const ids = (query: string) => rows(`routes?${query}`, 'routes', 'routeId');
  const [first, second] = [routeId(sampleRoute(0)), routeId(sampleRoute(1))];

  test.each<[string, string[]]>([
    ['', [first, second]],
    ['repository=Octo-Org/Target-1', [second]],
    ['state=denied', [second]],
    ['code=target-no-config', [second]],
    ['code=target-no-config&repository=octo-org/target-0', []],
    ['state=denied&repository=octo-org/target-1', [second]],
    ['source=Octo-Org/App', [first, second]],
    ['source=octo-org/app&repository=octo-org/target-1', [second]],
    ['source=octo-org/target-1', []],
  ])('filtered by "%s"', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  test('a failing route is one whose newest dispatch failed, or whose newest run did', async () => {
    expect(await rows('routes?state=failing', 'routes', 'routeId')).toEqual([]);
    const run = planFacts(sampleRun(15, at(55)), ['allow'], at(55))[1] as RouteDecided;
    await harness.facts.recordFacts([run, failed(run, at(56))]);
    expect(await ids('state=failing')).toEqual([first]);
    const other = planFacts(sampleRun(16, at(57)), ['allow'], at(57))[1] as RouteDecided;
    const ended = completed(other, at(59), at(58));
    await harness.facts.recordFacts([other, accepted(other, at(58)), ended]);
    expect(await ids('state=failing')).toEqual([]);
    const timedOut = planFacts(sampleRun(17, at(60)), ['allow'], at(60))[1] as RouteDecided;
    const end = completed(timedOut, at(62), at(61));
    await harness.facts.recordFacts([
      timedOut,
      accepted(timedOut, at(61)),
      { ...end, data: { ...end.data, conclusion: 'timed_out' } },
    ]);
    expect(await ids('state=failing')).toEqual([first]);
    expect(await ids('state=failed')).toEqual([]);
  });

  test('a denied route leaves the list of denied routes when it is allowed', async () => {
    const [, , again] = planFacts(sampleRun(9, at(30)), ['allow', 'allow'], at(30));
    if (again === undefined) throw new Error('The plan has two decisions.');
    await harness.facts.recordFacts([again]);
    expect(await ids('state=denied')).toEqual([]);
    expect(await ids('code=target-no-config')).toEqual([]);
    expect(await ids('repository=octo-org/target-1')).toEqual([second]);
  });
});

test('dead letters are filtered by state, by reason and by both', async () => {
  const ids = (query: string) => rows(`dead-letters/runs?${query}`, 'deadLetters', 'messageId');
  expect(await ids('state=open')).toEqual(['m1']);
  expect(await ids('state=redriven')).toEqual([]);
  expect(await ids('reason=message-invalid&state=open')).toEqual(['m1']);
  expect(await ids('reason=died')).toEqual([]);
  expect(await ids(`until=${at(11)}`)).toEqual([]);
});

test('the audit log is filtered by operator, by action and by time', async () => {
  const pause = (operator: string, action: 'paused' | 'resumed', minutes: number): Fact => ({
    version: 1,
    id: `${operator}-${action}`,
    type: 'pause.changed',
    time: at(minutes),
    correlationId: `${operator}-${action}`,
    data: { actionId: `${operator}-${action}`, action, operator, reason: 'a bad release' },
  });
  await harness.facts.recordFacts([
    pause('ada', 'paused', 1),
    pause('grace', 'resumed', 2),
    pause('ada', 'resumed', 3),
  ]);
  const ids = (query: string) => rows(`audit?${query}`, 'entries', 'factId');
  expect(await ids('')).toEqual(['ada-resumed', 'grace-resumed', 'ada-paused']);
  expect(await ids('operator=ada')).toEqual(['ada-resumed', 'ada-paused']);
  expect(await ids('action=resumed')).toEqual(['ada-resumed', 'grace-resumed']);
  expect(await ids('operator=ada&action=resumed')).toEqual(['ada-resumed']);
  expect(await ids(`since=${at(2)}&until=${at(3)}`)).toEqual(['grace-resumed']);
});

describe('the detail of a refused request is a plain sentence that names the parameter', () => {
  test.each([
    ['deliveries?outcome=none', 'The query parameter `outcome` must be one of `no-config`, `config-invalid`'],
    ['deliveries?limit=0', 'The query parameter `limit` must be at least 1.'],
    ['deliveries?limit=ten', 'The query parameter `limit` must be a whole number in decimal digits.'],
    ['deliveries?tag=v1', 'There is no query parameter `tag` here. Remove it, or correct its name.'],
    ['deliveries?repository=app', 'The query parameter `repository` is invalid: write OWNER/NAME.'],
    ['routes?state=completed', 'The query parameter `state` must be one of `denied`, `dry-run`, `failed`, `failing`.'],
    ['runs/x', 'The path parameter `runKey` is invalid: write repository id, run id and attempt'],
    ['dead-letters/none', 'The path parameter `queue` must be one of `runs`'],
  ])('%s', async (url, sentence) => {
    const { status, body } = await get(url);
    expect(status).toBe(400);
    expect(body.detail).toContain(sentence);
    expect(body.detail).toMatch(/^[A-Z][^✖→]*[.)]$/);
  });
});
