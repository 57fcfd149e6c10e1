import { dispatchId, hiddenName, routeId, runKey } from '@dispatcher/contracts';
import { sampleRoute, sampleRun } from '@dispatcher/store/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Authentication } from '../auth/principal.ts';
import { exampleUrls, filteredUrls } from '../testing/example-requests.ts';
import { timeAt } from '../testing/seed-facts.ts';
import { type SeededApi, startSeededApi } from '../testing/seeded-api.ts';

// The seeded runs are of Octo-Org/app; its routes lead to octo-org/Target-0 to octo-org/Target-209, which are private.

const source = 'octo-org/app';
const firstTarget = 'octo-org/target-0';
/** Of a route with a decision that was allowed, and whose run completed. */
const runOfSource = runKey(sampleRun(3, timeAt(30)));
const allowedRoute = routeId(sampleRoute(0));
const deniedRoute = routeId(sampleRoute(1));

let api: SeededApi;
let everything: FastifyInstance;
let ofSource: FastifyInstance;
let ofTarget: FastifyInstance;
let ofOther: FastifyInstance;
beforeAll(async () => {
  api = await startSeededApi();
  everything = api.appWith(viewerOf());
  ofSource = api.appWith(viewerOf([source]));
  ofTarget = api.appWith(viewerOf([firstTarget]));
  ofOther = api.appWith(viewerOf(['octo-org/other']));
});
afterAll(() => api.close());

/** @param repositories absent: all */
function viewerOf(repositories?: readonly string[]): Authentication {
  const person = { name: 'hubot', kind: 'github', account: '480938', role: 'viewer' } as const;
  const limits = { repositories: new Set(repositories), cursorKey: new Uint8Array(32) };
  return {
    mode: 'github',
    signIn: { kind: 'none' },
    challenge: 'Session',
    principalOf: async () => (repositories === undefined ? person : { ...person, limits }),
  };
}

interface Response {
  readonly status: number;
  readonly text: string;
}

async function get(app: FastifyInstance, url: string): Promise<Response> {
  const response = await app.inject({ url, headers: { authorization: 'Test hubot' } });
  return { status: response.statusCode, text: response.body };
}

const read = async (app: FastifyInstance, url: string) => {
  const { status, text } = await get(app, url);
  expect({ status, text }).toMatchObject({ status: 200 });
  return JSON.parse(text);
};

/** Returns the responses of all pages. */
async function pagesOf(app: FastifyInstance, url: string): Promise<readonly Response[]> {
  const pages: Response[] = [];
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const response: Response = await get(
      app,
      cursor === null ? url : `${url}${url.includes('?') ? '&' : '?'}cursor=${cursor}`,
    );
    pages.push(response);
    cursor =
      response.status === 200 && response.text.startsWith('{') ? (JSON.parse(response.text).cursor ?? null) : null;
  }
  return pages;
}

/** A cursor is text in base64, which anybody can decode. */
const decoded = (text: string): string => {
  const cursor = /"cursor":"([^"]+)"/.exec(text)?.[1];
  return cursor === undefined ? text : text + Buffer.from(cursor, 'base64url').toString('latin1');
};

const urls = [...new Set([...Object.values(exampleUrls), ...filteredUrls.map(([, url]) => url)])];
const wholePages = urls.map((url) => url.replace('limit=1', 'limit=100'));
const refused = /^\/api\/(?:audit|keys|schedules|webhooks|sweeps|bulk-replays|dead-letters\/)/;

describe('a viewer who sees neither side', () => {
  test.each(wholePages)('learns no name from %s', async (url) => {
    for (const { status, text } of await pagesOf(ofOther, url)) {
      expect([200, 403, 404]).toContain(status);
      expect(status === 403).toBe(refused.test(url));
      if (url !== '/api/openapi.json' && status === 200) {
        // The list of uses repeats the name that was asked for.
        const own = decoded(text).replace('"repository":"octo-org/target-0","uses":[]', '');
        expect(own).not.toMatch(/octo-org\/(?:app|target|deploy)|Target-\d|github\.com/i);
      }
    }
  });

  test.each([
    ['a run', `/api/runs/${runOfSource}`, '/api/runs/1-2-3'],
    ['a plan', `/api/plans/${runOfSource}`, '/api/plans/1-2-3'],
    ['a route', `/api/routes/${allowedRoute}`, '/api/routes/0123456789abcdef'],
    ['the ends of a route', `/api/routes/${allowedRoute}/facts`, '/api/routes/0123456789abcdef/facts'],
    ['a repository', '/api/repositories/octo-org/app', '/api/repositories/octo-org/none'],
    ['its facts', '/api/repositories/octo-org/app/facts', '/api/repositories/octo-org/none/facts'],
    ['a delivery', '/api/deliveries/delivery-3', '/api/deliveries/none'],
    [
      'a dispatch',
      `/api/dispatches/${dispatchId(runOfSource, allowedRoute)}`,
      '/api/dispatches/00000000000000000000000000000000',
    ],
    ['a run by its id', '/api/runs?run=9000000003', '/api/runs?run=1'],
    ['a run by its commit', `/api/runs?commit=${'a'.repeat(40)}`, `/api/runs?commit=${'c'.repeat(40)}`],
  ])('gets for %s what is said of one that does not exist', async (_, hidden, unknown) => {
    const withoutNames = ({ text, status }: Response) => ({
      status,
      text: text.replaceAll(/(?:run|route|repository|delivery|dispatch|commit|run-id) [\w/-]+/g, 'it'),
    });
    const [ofHidden, ofUnknown] = [await get(ofOther, hidden), await get(ofOther, unknown)];
    expect(ofHidden.status).toBe(404);
    expect(withoutNames(ofHidden)).toEqual(withoutNames(ofUnknown));
  });
});

describe('a viewer of the source', () => {
  test.each(wholePages)('learns nothing of the private targets but code, message and fix from %s', async (url) => {
    for (const { status, text } of await pagesOf(ofSource, url)) {
      // The counts of the whole system by code are not about a repository.
      if (status !== 200 || /openapi|summary/.test(url)) continue;
      // The run of the target, its rules, and the precise reason.
      expect(text).not.toMatch(/octo-org\/target\/actions|inbound\[|target-no-config|dispatch-rejected|No ref found/);
    }
  });

  test('sees the run with every route of its file, and the refusal as the source’s issue states it', async () => {
    const { revisions } = await read(ofSource, `/api/runs/${runOfSource}`);
    const facts = revisions.flatMap((revision: { facts: unknown[] }) => revision.facts);
    const decisions = facts.filter(({ type }: { type: string }) => type === 'route.decided');
    expect(decisions.length).toBeGreaterThan(1);
    const denied = decisions.find(
      ({ data }: { data: { decision: { effect: string } } }) => data.decision.effect === 'deny',
    );
    expect(denied.data.decision).toMatchObject({
      code: 'target-refused',
      route: { target: { repository: 'octo-org/Target-1' } },
      rule: 'outbound[0].targets[1]',
      checks: [],
    });
    expect(denied.data.decision).not.toHaveProperty('target');
    const start = facts.find(({ type }: { type: string }) => type === 'dispatch.accepted');
    expect(start.data).toMatchObject({ workflowRunId: null, htmlUrl: null });
    expect(facts.map(({ type }: { type: string }) => type)).not.toContain('dispatch.completed');
  });

  test('sees that a dispatch was started, and not how its run ended', async () => {
    const { dispatches } = await read(ofSource, '/api/dispatches?limit=100');
    expect(dispatches.length).toBeGreaterThan(3);
    const states = new Set(
      dispatches.map(
        ({ state, conclusion }: Record<string, string | null>) => `${state ?? null} ${conclusion ?? null}`,
      ),
    );
    expect(states).toEqual(new Set(['accepted null', 'failed null']));
    const messages = async (app: FastifyInstance, path: string, list: string) =>
      (await read(app, path))[list].flatMap(({ message }: { message?: string }) => message ?? []);
    for (const [path, list] of [
      ['/api/dispatches?limit=100', 'dispatches'],
      ['/api/facts?list=dispatches&limit=100', 'facts'],
    ] as const) {
      expect(await messages(everything, path, list)).toContain('No ref found for: main');
      expect(await messages(ofSource, path, list)).toEqual([]);
    }
    expect(await read(ofSource, '/api/dispatches?conclusion=success')).toMatchObject({ dispatches: [] });
    expect(await read(ofSource, '/api/dispatches?state=completed')).toMatchObject({ dispatches: [] });
  });

  test('sees its routes without the results of the target', async () => {
    const allowed = await read(ofSource, `/api/routes/${allowedRoute}`);
    expect(allowed).toMatchObject({ successRate: null, p50DurationMs: null, lastSuccess: null });
    const denied = await read(ofSource, `/api/routes/${deniedRoute}`);
    expect(denied).toMatchObject({ latest: { code: 'target-refused' }, agreement: { code: 'target-refused' } });
  });

  test('finds no route by a reason that it may not know', async () => {
    const byReason = async (app: FastifyInstance) =>
      (await read(app, '/api/routes?code=target-no-config&limit=100')).routes.length;
    expect(await byReason(everything)).toBeGreaterThan(0);
    expect(await byReason(ofSource)).toBe(0);
    const failing = (await read(ofSource, '/api/routes?state=failing&limit=100')).routes;
    expect(failing.filter(({ state }: { state: string }) => state !== 'failed')).toEqual([]);
  });

  test('does not see the target’s repository', async () => {
    expect(await get(ofSource, '/api/repositories/octo-org/target-0')).toMatchObject({ status: 404 });
    const { repositories } = await read(ofSource, '/api/repositories?limit=100');
    expect(repositories).toMatchObject([{ repository: source }]);
  });
});

// Two or more rows match each of them, and `limit=1` would give a cursor if they counted.
test.each([
  ['ofTarget', '/api/deliveries?repository=octo-org/app'],
  ['ofTarget', '/api/runs?repository=octo-org/app'],
  ['ofTarget', '/api/routes?source=octo-org/app'],
  ['ofTarget', '/api/facts?list=deliveries&source=octo-org/app'],
  ['ofTarget', '/api/facts?list=dispatches&source=octo-org/app'],
  ['ofTarget', '/api/facts?list=dispatches&source=octo-org/app&target=octo-org/target-0'],
  ['ofSource', '/api/dispatches?conclusion=success'],
  ['ofSource', '/api/facts?list=dispatches&type=dispatch.completed'],
])('%s learns from no cursor whether a filter has hidden matches: %s', async (name, url) => {
  const viewer = { ofSource, ofTarget }[name as 'ofSource' | 'ofTarget'];
  const itemsOf = ({ cursor, ...body }: Record<string, unknown>) => [
    Object.values(body).flat().length,
    cursor === null,
  ];
  expect(itemsOf(await read(everything, `${url}&limit=1`))).toEqual([1, false]);
  expect(itemsOf(await read(viewer, `${url}&limit=1`))).toEqual([0, true]);
});

describe('a viewer of the target', () => {
  test.each(wholePages)('never learns the name of the private source from %s', async (url) => {
    for (const { status, text } of await pagesOf(ofTarget, url)) {
      if (status !== 200 || url === '/api/openapi.json') continue;
      expect(decoded(text)).not.toMatch(/octo-org\/(?:app|target-[1-9])|ci\.yml/i);
    }
  });

  test('finds no route by the name of the private source', async () => {
    const bySource = async (app: FastifyInstance) =>
      (await read(app, '/api/routes?source=octo-org/app&limit=100')).routes.length;
    expect(await bySource(everything)).toBeGreaterThan(0);
    expect(await bySource(ofTarget)).toBe(0);
    const factsBySource = async (app: FastifyInstance) =>
      (await read(app, '/api/facts?list=dispatches&source=octo-org/app&limit=100')).facts.length;
    expect(await factsBySource(everything)).toBeGreaterThan(0);
    expect(await factsBySource(ofTarget)).toBe(0);
  });

  test('sees who uses the workflow as counts, and its own results in full', async () => {
    const { uses } = await read(ofTarget, '/api/repositories/octo-org/target-0/inbound?limit=100');
    expect(uses.length).toBeGreaterThan(0);
    for (const { route, allowed } of uses) {
      expect(route.source).toEqual({ repository: hiddenName, workflow: hiddenName });
      expect(allowed).toBeGreaterThan(0);
    }
    const route = await read(ofTarget, `/api/routes/${allowedRoute}`);
    expect(route).toMatchObject({ lastSuccess: { targetRunUrl: expect.stringContaining('/actions/runs/') } });
    expect(await get(ofTarget, `/api/runs/${runOfSource}`)).toMatchObject({ status: 404 });
    expect(await get(ofTarget, `/api/plans/${runOfSource}`)).toMatchObject({ status: 404 });
  });
});

describe('cursors', () => {
  test('of one viewer are refused from another', async () => {
    const { cursor } = await read(ofSource, '/api/routes?limit=1');
    expect(await get(everything, `/api/routes?limit=1&cursor=${cursor}`)).toMatchObject({ status: 400 });
    const { cursor: plain } = await read(everything, '/api/routes?limit=1');
    expect(await get(ofSource, `/api/routes?limit=1&cursor=${plain}`)).toMatchObject({ status: 400 });
    expect(await get(ofSource, '/api/routes?limit=1&cursor=AAAA')).toMatchObject({ status: 400 });
  });

  test('lead through the same rows as for somebody who sees everything', async () => {
    const idsOf = (pages: readonly Response[]) =>
      pages.flatMap(({ text }) => JSON.parse(text).routes.map((row: { routeId: string }) => row.routeId));
    const all = idsOf(await pagesOf(everything, '/api/routes?limit=20'));
    expect(all.length).toBeGreaterThan(100);
    expect(idsOf(await pagesOf(ofSource, '/api/routes?limit=20'))).toEqual(all);
  });
});

test('who sees every repository gets what an operator gets, except for the pages of operators', async () => {
  const both = api.appWith(
    viewerOf([
      source,
      ...['deploy', 'docs', 'other', 'tool'].map((name) => `octo-org/${name}`),
      'octo-partner/app',
      'octo-third/app',
      ...Array.from({ length: 210 }, (_, index) => `octo-org/target-${index}`),
    ]),
  );
  for (const url of wholePages) {
    const [whole, seen] = [await get(everything, url), await get(both, url)];
    if (refused.test(url) || ['/api/me', '/api/stream'].includes(url) || url.includes('list=audit')) continue;
    // Only those who may list the sweeps see whose policy cannot be read.
    if (url === '/api/status') continue;
    const comparable = ({ status, text }: Response) => ({ status, text: withoutDetails(text) });
    expect({ url, ...comparable(seen) }).toEqual({ url, ...comparable(whole) });
  }
});

/** Without cursors, and without dead letters, which are not of a repository. */
function withoutDetails(text: string): unknown {
  const body = JSON.parse(text) as Record<string, unknown>;
  const { cursor: _, groups: __, startedAt: ___, checks: ____, ...rest } = body;
  const rows = rest['deliveries'];
  return Array.isArray(rows) ? { deliveries: rows.filter(({ kind }) => kind !== 'dead-lettered') } : rest;
}
