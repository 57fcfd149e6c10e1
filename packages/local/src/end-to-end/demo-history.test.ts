import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codes, Fact, urlOfTrigger } from '@dispatcher/contracts';
import type { ReadFile, StoredPlan } from '@dispatcher/store';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningEmulator, startEmulator } from '../app/emulator.ts';
import { type LocalApp, loadLocalApp } from '../app/local-app.ts';
import { demoRepositories } from '../demo-organization/repositories.ts';
import { demoRoutes, organization } from '../demo-organization/demo-routes.ts';
import { createHistory } from '../demo-history/create-history.ts';
import { createDemoGitHub } from '../demo-history/demo-github.ts';
import { refusedRunIn, seedOf } from '../demo-history/start-demo.ts';
import type { HistorySize } from '../demo-history/week.ts';

// The week of the demonstration, made with the emulator and without the rest of the system.

const now = Date.parse('2026-03-06T15:00:00Z');
let directory: string;
let log: number;
let app: LocalApp;
let emulator: RunningEmulator;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'demo-history-'));
  log = openSync(join(directory, 'log'), 'a');
  app = await loadLocalApp(directory);
  const webhookUrl = 'http://127.0.0.1:9/webhooks/github';
  emulator = await startEmulator({ app, webhookUrl, dataDir: directory, log, onExit: () => undefined });
});
afterAll(async () => {
  await emulator.stop();
  closeSync(log);
  await rm(directory, { recursive: true });
});

interface Week {
  readonly facts: readonly Fact[];
  readonly plans: readonly StoredPlan[];
  /** By blob id. */
  readonly files: ReadonlyMap<string, ReadFile>;
}

async function weekOf(seed: number, size: HistorySize = { days: 7, perHour: 0.3 }, end = now): Promise<Week> {
  const facts: Fact[] = [];
  const plans: StoredPlan[] = [];
  const files = new Map<string, ReadFile>();
  const github = createDemoGitHub(emulator.url, () => end);
  await github.call('PUT', '/seed', seedOf(app, 'http://127.0.0.1:9'));
  const record = async (more: readonly Fact[]) => void facts.push(...more);
  const storePlan = async (stored: StoredPlan, read: readonly ReadFile[]) => {
    plans.push(stored);
    for (const file of read) files.set(file.blobId, file);
  };
  await createHistory({ seed, size, github, bot: `${app.slug}[bot]`, now: end, record, storePlan });
  return { facts, plans, files };
}

let first: Promise<Week> | undefined;
const firstWeek = (): Promise<Week> => (first ??= weekOf(1));

function codesOf(fact: Fact): readonly (string | undefined)[] {
  switch (fact.type) {
    case 'route.decided':
      return [fact.data.decision.code];
    case 'run.planned':
    case 'dispatch.failed':
    case 'dispatch.accepted':
    case 'dispatch.completed':
      return [fact.data.code];
    default:
      return [];
  }
}

/** What a reader sees of a fact; commits and times of GitHub's emulator differ between two weeks. */
const shown = (fact: Fact) => [fact.type, fact.time, fact.correlationId, ...codesOf(fact)];

test('the organization has 40 repositories and more than 250 routes, most of which both sides agree to', () => {
  expect(demoRepositories().filter(({ owner }) => owner === organization)).toHaveLength(40);
  const agreements = demoRoutes().map(({ agreement }) => agreement);
  expect(agreements.length).toBeGreaterThan(250);
  expect(agreements.filter((agreement) => agreement === 'both').length).toBeGreaterThan(agreements.length * 0.9);
  expect(agreements).toEqual(expect.arrayContaining(['requested', 'offered']));
});

test('the week has an example of every code, lies in the past, and is the same for the same seed', async () => {
  const { facts } = await firstWeek();
  for (const fact of facts) expect(Fact.parse(fact).id).toBe(fact.id);
  const seen = new Set(facts.flatMap(codesOf));
  // The source or the target sees these codes in place of others; no plan contains them.
  const viewCodes = ['target-refused', 'source-refused'];
  const missing = Object.keys(codes).filter((code) => !viewCodes.includes(code) && !seen.has(code));
  expect(missing).toEqual([]);
  const times = facts.map(({ time }) => Date.parse(time));
  expect(Math.max(...times)).toBeLessThanOrEqual(now);
  expect(Math.min(...times)).toBeGreaterThan(now - 8 * 86_400_000);
  expect(facts.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['operator.acted', 'pause.changed', 'dead-letter.acted', 'run.delayed', 'delivery.ignored']),
  );
  expect((await weekOf(1)).facts.map(shown)).toEqual(facts.map(shown));
  expect((await weekOf(2)).facts.map(shown)).not.toEqual(facts.map(shown));
});

test('with a fixed end of its calendar, a history has the same runs on a Sunday night as on a Friday afternoon', async () => {
  const sundayNight = Date.parse('2026-03-08T02:40:00Z');
  const size = { days: 0.5, perHour: 0.5, calendarEndsAt: new Date('2026-03-04T15:20:00Z') };
  const seen = (end: number, { facts }: Week) =>
    facts.map((fact) => [fact.type, end - Date.parse(fact.time), ...codesOf(fact)]);
  const friday = seen(now, await weekOf(1, size));
  expect(seen(sundayNight, await weekOf(1, size, sundayNight))).toEqual(friday);
  expect(friday.length).toBeGreaterThan(100);
});

test('every dispatch of the week is started at most once, and completes once and after its start', async () => {
  const { facts } = await firstWeek();
  const starts = new Map(
    facts.flatMap((fact) => (fact.type === 'dispatch.accepted' ? [[fact.data.dispatchId, fact.time] as const] : [])),
  );
  expect(starts.size).toBe(facts.filter(({ type }) => type === 'dispatch.accepted').length);
  const ends = facts.flatMap((fact) => (fact.type === 'dispatch.completed' ? [fact] : []));
  expect(ends.length).toBeGreaterThan(50);
  expect(new Set(ends.map(({ data }) => data.dispatchId)).size).toBe(ends.length);
  for (const { data, time } of ends) {
    expect(data.acceptedAt).toBe(starts.get(data.dispatchId));
    expect(Date.parse(time)).toBeGreaterThan(Date.parse(starts.get(data.dispatchId) ?? ''));
  }
});

test('a plan of the week names the files that it was decided on, and their contents are stored', async () => {
  const { plans, files } = await firstWeek();
  const named = plans.flatMap(({ files: references = [] }) => references);
  for (const { blobId } of named) expect(files.has(blobId)).toBe(true);
  const denied = plans.filter(({ plan }) => plan.decisions.some(({ code }) => code === 'inbound-no-match'));
  expect(denied.length).toBeGreaterThan(0);
  for (const { files: references = [] } of denied) expect(references.length).toBeGreaterThanOrEqual(2);
});

test('the run that the demonstration points out started nothing, and has a page of its own at every hour of the week', async () => {
  const { facts } = await firstWeek();
  const started = new Set(facts.map((fact) => (fact.type === 'dispatch.accepted' ? fact.data.workflowRunId : null)));
  const plans = new Map(
    facts.flatMap((fact) => (fact.type === 'run.planned' ? [[urlOfTrigger(fact.data.trigger), fact.data]] : [])),
  );
  for (let end = facts.length; end > facts.length / 2; end -= 50) {
    const url = refusedRunIn(facts.slice(0, end));
    expect(started.has(Number(url?.split('/').at(-1)))).toBe(false);
    expect(plans.get(url)).toMatchObject({ allowed: 0 });
  }
});
