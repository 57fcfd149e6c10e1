import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fact } from '@dispatcher/contracts';
import { type Variant, webhookVariants } from '@dispatcher/contracts/testing';
import { startSystem, type System } from '../app/system.ts';
import { control, deliveryHeaders, dispatchedRuns } from '../testing/github.ts';
import { until } from '../testing/until.ts';

// Every kind of delivery goes through the real front, and the table of what becomes of it is the one in the docs.

const page = fileURLToPath(new URL('../../../../docs/reference/inputs.md', import.meta.url));

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'inputs-'));
  // Few attempts, and a short wait for the ledger: what is only recorded at the end of both is recorded soon.
  const soon = { MAX_ATTEMPTS: '3', GITHUB_TIMEOUT_SECONDS: '4', LEASE_SECONDS: '8', RECONCILE_WINDOW_SECONDS: '1' };
  system = await startSystem({ dataDir, port: 0, env: { ...soon, CREATE_ISSUES: 'false' } });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

interface Row {
  readonly input: string;
  readonly answer: string;
  readonly recorded: string;
}

async function send({ event, payload }: Variant): Promise<{ status: number; answer: Record<string, unknown> }> {
  const body = JSON.stringify(payload);
  const response = await fetch(`${system.url}/webhooks/github`, {
    method: 'POST',
    headers: deliveryHeaders(body, system.webhookSecret, event),
    body,
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function factsOf(runKey: string): Promise<Fact[]> {
  const response = await fetch(`${system.url}/api/runs/${runKey}`);
  if (response.status === 404) return [];
  return ((await response.json()) as { facts: Fact[] }).facts;
}

async function recordedOf(runKey: string): Promise<string> {
  let facts: Fact[] = [];
  await until(async () => {
    facts = await factsOf(runKey);
    const plan = facts.find((fact) => fact.type === 'run.planned');
    if (plan?.type !== 'run.planned') return false;
    const ended = facts.filter(({ type }) => type === 'dispatch.accepted' || type === 'dispatch.failed');
    const decided = facts.filter(({ type }) => type === 'route.decided');
    return decided.length === plan.data.allowed + plan.data.denied && ended.length === plan.data.allowed;
  });
  const plans = facts.filter((fact) => fact.type === 'run.planned');
  expect(plans).toHaveLength(1);
  const decisions = facts.flatMap((fact) =>
    fact.type === 'route.decided' ? [`${fact.data.decision.effect} \`${fact.data.decision.code}\``] : [],
  );
  const [plan] = plans;
  const said = plan?.data.outcome === 'planned' ? decisions.join(', ') : `\`${plan?.data.code}\``;
  return `${plan?.data.outcome}: ${said}`;
}

function answerText({ status, answer }: { status: number; answer: Record<string, unknown> }): string {
  if ('ignored' in answer) return `${status} ignored: \`${String(answer['ignored'])}\``;
  if ('error' in answer) return `${status} ${String(answer['error'])}`;
  return `${status} accepted`;
}

async function rowOf(variant: Variant): Promise<Row> {
  const given = await send(variant);
  const runKey = given.answer['accepted'];
  return {
    input: variant.name,
    answer: answerText(given),
    recorded: typeof runKey === 'string' ? await recordedOf(runKey) : '–',
  };
}

function pageOf(rows: readonly Row[], others: readonly Row[]): string {
  const byAnswer = new Map<string, Set<string>>();
  for (const { input, answer } of others) {
    const event = input.split(' ')[0] ?? '';
    byAnswer.set(answer, (byAnswer.get(answer) ?? new Set()).add(event));
  }
  return [
    '# What comes in and what becomes of it',
    'Written by `packages/local/src/end-to-end/inputs.test.ts`, which sends each of these through the running system and fails where this page says something else. The runs are variants of GitHub’s own example of a completed `workflow_run`: repository `octo-org/octo-repo`, workflow `test.yml`, default branch `master`, with one outbound rule whose target agrees to it.',
    [
      '| input | answer | recorded |',
      '| --- | --- | --- |',
      ...rows.map(({ input, answer, recorded }) => `| ${input} | ${answer} | ${recorded} |`),
    ].join('\n'),
    '## Other events',
    ...[...byAnswer].map(
      ([answer, events]) =>
        `${answer}, for every example of ${events.size} events: ${[...events]
          .toSorted()
          .map((event) => `\`${event}\``)
          .join(', ')}.`,
    ),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

test('every kind of input is answered, and every stored one ends in exactly one recorded plan', async () => {
  const slug = 'dispatcher-local';
  const variants = webhookVariants({ now: new Date(), installationId: 51_000_001, botLogin: `${slug}[bot]` });
  const rows = await Promise.all(variants.filter(({ event }) => event === 'workflow_run').map(rowOf));
  const others: Row[] = [];
  for (const variant of variants.filter(({ event }) => event !== 'workflow_run')) others.push(await rowOf(variant));
  expect(others.length).toBeGreaterThan(100);

  const allowed = rows.filter(({ recorded }) => recorded.includes('allow `allowed`'));
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toHaveLength(allowed.length);
  expect(await control<object[]>(github, 'GET', '/issues')).toEqual([]);

  const written = pageOf(rows, others);
  if (process.env['UPDATE_DOCS'] === 'true') await writeFile(page, written);
  expect(await readFile(page, 'utf8')).toBe(written);
});
