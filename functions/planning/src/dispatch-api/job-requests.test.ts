import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DispatchProblem, DispatchResponse, Fact } from '@dispatcher/contracts';
import { type Emulator, exampleSeed, type StartedRunRequest, startEmulator } from '@dispatcher/github-emulator';
import { readConfiguration } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { decodeJwt, type JWTPayload } from 'jose';
import { Configuration } from '../configuration.ts';
import { createHandler } from '../create-handler.ts';
import { createDependencies } from '../dependencies.ts';
import { startTokenIssuer, type TokenIssuer } from '../testing/token-issuer.ts';

// A job of a running workflow requests a dispatch with its OIDC token. GitHub and the issuer of the tokens are the emulator.

const audience = 'https://dispatcher.example';
const workflow = `on: [push, pull_request_target]
permissions: { id-token: write }
jobs: { release: { environment: production, steps: [] }, test: { steps: [] } }
`;
const outbound = (conditions = '') => `outbound:
  - source: { job: release.yml${conditions} }
    targets:
      - { repository: deploy, workflow: cd.yml, inputs: { sha: '\${{ job.inputs.sha }}' } }
`;
const inbound = (conditions = '') => `inbound:
  - source: { repository: app, job: release.yml${conditions} }
    targets: [{ workflow: cd.yml, inputs: [sha] }]
`;
const body = { repository: 'octo-org/deploy', workflow: 'cd.yml', inputs: { sha: 'abc' } };
const app = 'octo-org/app';
const { privateKey: gitHubPrivateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let dynamo: TestDynamo;
let emulator: Emulator;
let tables: Awaited<ReturnType<TestDynamo['createTables']>>;
let aheadMs: number;
let facts: Fact[];
let handler: ReturnType<typeof createHandler>;
const now = () => Date.now() + aheadMs;

beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  aheadMs = 0;
  facts = [];
  emulator = await startEmulator({ seed: exampleSeed({ key: gitHubPrivateKey, slug: 'dispatcher' }), now });
  tables = await dynamo.createTables();
  handler = createTestHandler();
  await pushFiles();
});
afterEach(() => emulator.close());
afterAll(() => dynamo.close());

async function pushFiles(source = outbound(), target = inbound()): Promise<void> {
  const files = { '.github/workflows/release.yml': workflow, 'dispatching.yml': source };
  await emulator.control.push(app, { files });
  await emulator.control.push('octo-org/deploy', { files: { 'dispatching.yml': target } });
}

function createTestHandler(change: Readonly<Record<string, string>> = {}) {
  const environment = readConfiguration(Configuration, {
    GITHUB_APP_ID: '1',
    GITHUB_APP_SLUG: 'dispatcher',
    GITHUB_API_URL: emulator.url,
    RUNS_QUEUE_URL: 'http://queue/runs',
    RUNS_DEAD_LETTER_QUEUE_URL: 'http://queue/runs-dead-letters',
    HINTS_QUEUE_URL: 'http://queue/hints',
    HINTS_DEAD_LETTER_QUEUE_URL: 'http://queue/hints-dead-letters',
    BUS_NAME: 'dispatcher',
    STATE_TABLE: tables.state,
    PROJECTIONS_TABLE: tables.projections,
    PLANS_TABLE: tables.plans,
    ACCESS_TABLE: tables.access,
    PUBLIC_URL: audience,
    OIDC_ISSUERS: `${emulator.url}/_services/token`,
    ...change,
  });
  const putEvents = async ({ input: { Entries: entries = [] } }: PutEventsCommand) => {
    const published = entries.map(({ Detail = '' }) => Fact.parse(JSON.parse(Detail)));
    // What planning saw of the files is published, too.
    facts.push(...published.filter(({ type }) => type !== 'config.observed'));
    return { Entries: entries.map(() => ({ EventId: 'e' })) };
  };
  return createHandler(
    createDependencies(environment, {
      dynamodb: dynamo.client,
      sqs: { send: (() => Promise.reject(new Error('SQS is not used.'))) as never },
      eventBridge: { send: putEvents as never },
      gitHubPrivateKey,
      fetch,
      log: silent,
      meter: { count: () => {}, milliseconds: () => {} },
      now,
      random: () => 0.5,
      pause: async () => {},
    }),
  );
}

type Variables = Readonly<Record<string, string>>;

async function startJob(request: Partial<StartedRunRequest> = {}, job?: string) {
  const run = await emulator.control.start({ repository: app, workflow: 'release.yml', ...request });
  return { run, ...(await emulator.control.startJob(run.id, job)) };
}

async function tokenOf(variables: Variables, forAudience = audience): Promise<string> {
  const url = `${variables['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${encodeURIComponent(forAudience)}`;
  const authorization = `Bearer ${variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}`;
  const response = await fetch(url, { headers: { authorization } });
  return ((await response.json()) as { value: string }).value;
}

interface Sent {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

async function send(token: string, change: { body?: unknown; idempotencyKey?: string } = {}): Promise<Sent> {
  const { idempotencyKey } = change;
  const event = {
    rawPath: '/dispatch',
    rawQueryString: '',
    headers: {
      authorization: `Bearer ${token}`,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify(change.body ?? body),
    requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' } },
  } as unknown as APIGatewayProxyEventV2;
  const context = {
    functionName: 'planning',
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => 30_000,
  } as Context;
  const result = (await handler(event, context)) as APIGatewayProxyStructuredResultV2;
  const parsed = JSON.parse(result.body ?? '') as Record<string, unknown>;
  (result.statusCode === 202 ? DispatchResponse : DispatchProblem).parse(parsed);
  return { status: result.statusCode, headers: result.headers ?? {}, body: parsed };
}

const allowed = expect.objectContaining({ status: 202 });
const refused = (code: string) => ({ status: 403, body: expect.objectContaining({ code }) });
const unauthorized = (detail: string) => ({
  status: 401,
  headers: expect.objectContaining({ 'www-authenticate': expect.stringContaining('Bearer') }),
  body: expect.objectContaining({ detail: expect.stringContaining(detail) }),
});

describe('a job whose workflow both sides name', () => {
  test('starts the target, and its facts name the run, the job and the route', async () => {
    const { run, checkRunId, variables } = await startJob();
    const { status, body: response } = await send(await tokenOf(variables));
    expect(status).toBe(202);
    expect(response).toMatchObject({ success: true, target: 'octo-org/deploy:cd.yml' });
    expect(facts).toMatchObject([
      { type: 'run.planned', runKey: response['runKey'], correlationId: response['correlationId'] },
      {
        type: 'route.decided',
        data: {
          trigger: {
            type: 'job.requested',
            run: { id: run.id, headBranch: 'main', refType: 'branch', headSha: run.headSha },
            job: { checkRunId: String(checkRunId), environment: 'production' },
          },
          decision: {
            effect: 'allow',
            dispatchId: response['dispatchId'],
            route: { source: { repository: app, job: 'release.yml' } },
            inputs: { sha: 'abc' },
          },
        },
      },
    ]);
  });

  test('starts nothing twice: the same request gets the same response, whichever token of the job asks', async () => {
    const { variables } = await startJob();
    const first = await send(await tokenOf(variables), { idempotencyKey: 'release' });
    expect(await send(await tokenOf(variables), { idempotencyKey: 'release' })).toEqual(first);
    const other = { ...body, inputs: { sha: 'def' } };
    expect(await send(await tokenOf(variables), { idempotencyKey: 'release', body: other })).toMatchObject({
      status: 422,
      body: { field: 'Idempotency-Key' },
    });
    expect(new Set(facts.map(({ id }) => id)).size).toBe(2);
  });

  test('without an Idempotency-Key another body is another request, and so is that of another job', async () => {
    const { run, variables } = await startJob();
    const keys = new Set<unknown>();
    const request = async (of: Variables, sent: unknown) => {
      keys.add((await send(await tokenOf(of), { body: sent })).body['runKey']);
    };
    await request(variables, body);
    await request(variables, body);
    await request(variables, { ...body, inputs: { sha: 'def' } });
    await request((await emulator.control.startJob(run.id, 'test')).variables, body);
    await request((await startJob()).variables, body);
    expect(keys.size).toBe(4);
  });
});

describe('a token that was used', () => {
  test('is refused for another request, and accepted for the same one again', async () => {
    const token = await tokenOf((await startJob()).variables);
    const first = await send(token);
    expect(first).toEqual(allowed);
    expect(await send(token)).toEqual(first);
    expect(await send(token, { body: { ...body, inputs: { sha: 'def' } } })).toEqual(
      unauthorized('used for another request'),
    );
    expect(await send(token, { idempotencyKey: 'another' })).toEqual(unauthorized('used for another request'));
  });

  test('for a request that failed before it was planned is refused for another body under the same Idempotency-Key', async () => {
    const token = await tokenOf((await startJob()).variables);
    const [own, other] = [{ idempotencyKey: 'release' }, { ...body, inputs: { sha: 'def' } }];
    await emulator.control.setFaults([{ match: { operation: 'run-read', times: 1 }, fault: { status: 502 } }]);
    expect(await send(token, own)).toMatchObject({ status: 503 });
    aheadMs = 60_000;
    expect(await send(token, { ...own, body: other })).toEqual(unauthorized('used for another request'));
    expect(await send(token, own)).toEqual(allowed);
  });
});

test('a token that has expired, is for another audience, or of an issuer that is not listed gets a response that says so', async () => {
  const { variables } = await startJob();
  const token = await tokenOf(variables);
  expect(await send(await tokenOf(variables, 'https://other.example'))).toEqual(unauthorized(audience));
  handler = createTestHandler({ OIDC_ISSUERS: 'https://token.actions.githubusercontent.com' });
  expect(await send(token)).toEqual(unauthorized('OIDC_ISSUERS'));
  handler = createTestHandler();
  aheadMs = 5 * 60_000 + 31_000;
  expect(await send(token)).toEqual(unauthorized('has expired'));
  expect(facts).toEqual([]);
});

test('an address that sends many invalid tokens has to wait', async () => {
  const statuses: unknown[] = [];
  for (let count = 0; count < 30; count += 1) statuses.push((await send('abc')).status);
  expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
});

describe('the run of a job, as GitHub shows it', () => {
  const changed = 'does not belong to run';
  const of = (repository: string, file = 'release.yml') => ({
    repository,
    workflow_ref: `${repository}/.github/workflows/${file}@refs/heads/main`,
  });

  test('must be in progress', async () => {
    const { run, variables } = await startJob();
    const token = await tokenOf(variables);
    await emulator.control.complete(run.id);
    expect(await send(token)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('completed') } });
  });

  test('must have the attempt of the token', async () => {
    const { run, variables } = await startJob();
    const token = await tokenOf(variables);
    await emulator.control.complete(run.id);
    await emulator.control.startAttempt(run.id);
    expect(await send(token)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('attempt is 2') } });
    expect(await send(await tokenOf((await emulator.control.startJob(run.id)).variables))).toEqual(allowed);
  });

  test('that ended admits nothing for another run of the same workflow that is in progress', async () => {
    const ended = await startJob();
    const token = await tokenOf(ended.variables);
    await emulator.control.complete(ended.run.id);
    const other = await startJob();
    expect((await send(token)).status).toBe(403);
    expect(await send(await tokenOf(other.variables))).toEqual(allowed);
  });

  test.each<[string, JWTPayload, string]>([
    ['another run of the repository', { run_id: '19000000999' }, 'does not show run 19000000999'],
    ['the id of another repository', { repository_id: '12' }, 'GitHub does not show run'],
    ['another workflow', of(app, 'ci.yml'), changed],
    ['a workflow whose name only begins like it', of(app, 'release.yml@evil.yml'), changed],
    ['another event', { event_name: 'workflow_dispatch' }, changed],
    ['another commit', { sha: 'b'.repeat(40) }, changed],
    ['an account without the App', of('octocat/app'), 'not installed'],
  ])('must be what the token says, not %s', async (_, change, detail) => {
    const response = await send(await forge(change));
    expect(response).toMatchObject({ status: 403, body: { detail: expect.stringContaining(detail) } });
    expect(response.body['fix']).toEqual(expect.any(String));
    expect(facts).toEqual([]);
  });

  test('that cannot be read while GitHub is down gets 503, and the repetition is accepted', async () => {
    const token = await tokenOf((await startJob()).variables);
    await emulator.control.setFaults([{ match: { operation: 'run-read', times: 1 }, fault: { status: 502 } }]);
    expect(await send(token)).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
    aheadMs = 60_000;
    expect(await send(token)).toEqual(allowed);
  });
});

describe('a repository', () => {
  test('that was renamed since the token was issued is not found by the name, and a new token has the new one', async () => {
    const { run, variables } = await startJob();
    const token = await tokenOf(variables);
    await emulator.control.renameRepository(app, 'app-2');
    expect(await send(token)).toMatchObject({ status: 403, body: { fix: expect.stringContaining('renamed') } });
    await pushRenamed();
    expect(await send(await tokenOf((await emulator.control.startJob(run.id)).variables))).toEqual(allowed);
  });

  async function pushRenamed() {
    const target = inbound().replace('repository: app', 'repository: app-2');
    await emulator.control.push('octo-org/deploy', { files: { 'dispatching.yml': target } });
  }

  test('that took the name of another one since is not that one', async () => {
    const token = await tokenOf((await startJob()).variables);
    await emulator.control.renameRepository(app, 'app-2');
    const files = { '.github/workflows/release.yml': workflow, 'dispatching.yml': outbound() };
    await emulator.control.putRepository({ owner: 'octo-org', name: 'app', branches: { main: { files } } });
    expect((await send(token)).status).toBe(403);
    const other = await startJob();
    // The target names the repository without its id, so the new one has the consent that its name has.
    expect(await send(await tokenOf(other.variables))).toEqual(allowed);
  });

  test('that neither file names requests nothing', async () => {
    const source = outbound().replace('release.yml', 'other.yml');
    await pushFiles(source);
    expect(await send(await tokenOf((await startJob()).variables))).toMatchObject(refused('no-match'));
    await pushFiles(outbound(), inbound().replace('repository: app', 'repository: website'));
    expect(await send(await tokenOf((await startJob()).variables))).toMatchObject(refused('target-refused'));
  });

  test('whose files name its runs admits none of its jobs, and the reverse', async () => {
    await pushFiles(outbound(), inbound().replace('job:', 'workflow:'));
    expect(await send(await tokenOf((await startJob()).variables))).toMatchObject(refused('target-refused'));
  });
});

describe('a pull request', () => {
  const accepting = ', events: [pull_request_target]';

  test('of the repository itself may request by pull_request_target where both sides name it', async () => {
    await pushFiles(outbound(accepting), inbound(accepting));
    const { variables } = await startJob({ event: 'pull_request_target', branch: 'main', sha: await olderCommit() });
    expect(await send(await tokenOf(variables))).toEqual(allowed);
    const decided = facts.find(({ type }) => type === 'route.decided');
    const { sha } = decodeJwt(await tokenOf(variables));
    expect(decided).toMatchObject({ data: { trigger: { run: { headBranch: 'main', headSha: sha } } } });
  });

  test('requests nothing by pull_request_target where the files do not name it', async () => {
    const { variables } = await startJob({ event: 'pull_request_target', branch: 'main' });
    expect(await send(await tokenOf(variables))).toMatchObject(refused('no-match'));
  });

  test('of a fork requests nothing, even by pull_request_target where both sides name it', async () => {
    await pushFiles(outbound(accepting), inbound(accepting));
    const { variables } = await startJob({ event: 'pull_request_target', fork: true, branch: 'patch' });
    expect(await send(await tokenOf(variables))).toMatchObject(refused('fork-run'));
  });

  test('requests nothing by pull_request: its ref is that of no branch', async () => {
    const conditions = ", branches: ['**'], events: [pull_request]";
    await pushFiles(outbound(conditions), inbound(conditions));
    const { variables } = await startJob({ event: 'pull_request' });
    expect(await send(await tokenOf(variables))).toMatchObject(refused('no-match'));
  });

  /** The run of a pull request belongs to its head, which is another commit than that of the base. */
  async function olderCommit(): Promise<string> {
    const { sha } = await emulator.control.push(app, { branch: 'patch', files: { 'README.md': 'a patch' } });
    return sha;
  }
});

describe('the issuer', () => {
  test('that is down leads to 503, and the same token is accepted afterwards', async () => {
    const token = await tokenOf((await startJob()).variables);
    await emulator.control.setFaults([{ match: { operation: 'oidc', times: 1 }, fault: { status: 503 } }]);
    expect(await send(token)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { detail: expect.stringContaining('issuer') },
    });
    expect(await send(token)).toEqual(allowed);
  });

  test('that has rotated its key verifies the tokens of both while it publishes both', async () => {
    const { variables } = await startJob();
    const old = await tokenOf(variables);
    await emulator.control.rotateIssuerKey(true);
    expect(await send(old)).toEqual(allowed);
    expect(await send(await tokenOf(variables), { idempotencyKey: 'second' })).toEqual(allowed);
  });

  test('that no longer publishes a key refuses its tokens', async () => {
    const old = await tokenOf((await startJob()).variables);
    await emulator.control.rotateIssuerKey(false);
    expect(await send(old)).toEqual(unauthorized('does not publish the key'));
  });
});

describe('a job of a run that Dispatcher started', () => {
  const actor = 'dispatcher[bot]';

  test('gets 503 until the ledger contains the run, and is refused if it never does', async () => {
    const token = await tokenOf((await startJob({ actor })).variables);
    expect(await send(token)).toMatchObject({ status: 503, body: { detail: expect.stringContaining('recorded') } });
    aheadMs = 4 * 60_000;
    expect(await send(token)).toMatchObject(refused('lineage-unknown'));
  });
});

describe('the body of a job’s request', () => {
  test.each<[string, unknown, string]>([
    ['no target', {}, 'repository'],
    ['a repository without an owner', { ...body, repository: 'deploy' }, 'repository'],
    ['a ref, which the rule sets', { ...body, ref: 'main' }, 'ref'],
    ['an event type', { ...body, event_type: 'deploy' }, 'event_type'],
    ['an input that is a number', { ...body, inputs: { sha: 7 } }, 'inputs.sha'],
    ['more than GitHub accepts', { ...body, inputs: { sha: 'x'.repeat(65_536) } }, 'inputs'],
  ])('is refused with %s, and the token can be used for a corrected one', async (_, wrong, field) => {
    const token = await tokenOf((await startJob()).variables);
    expect(await send(token, { body: wrong })).toMatchObject({ status: 400, body: { field } });
    expect(await send(token)).toEqual(allowed);
  });

  test('may have inputs with line breaks', async () => {
    const inputs = { sha: 'a\nb' };
    expect(await send(await tokenOf((await startJob()).variables), { body: { ...body, inputs } })).toEqual(allowed);
    expect(facts.at(-1)).toMatchObject({ type: 'route.decided', data: { decision: { inputs } } });
  });
});

let other: TokenIssuer | null = null;
afterEach(async () => {
  await other?.close();
  other = null;
});

/** Returns the token of a job with other claims, signed by another accepted issuer: GitHub itself never signs such claims. */
async function forge(change: JWTPayload): Promise<string> {
  const claims = decodeJwt(await tokenOf((await startJob()).variables));
  other = await startTokenIssuer();
  handler = createTestHandler({ OIDC_ISSUERS: `${claims.iss},${other.issuer}` });
  return other.sign({ ...claims, iss: other.issuer, ...change });
}
