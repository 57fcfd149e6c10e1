import { createHmac } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { completeRun } from '../../app/emulator.ts';
import { awsAccess, queueUrl } from '../../aws/provision.ts';
import { startSystem, type System } from '../../app/system.ts';
import { addCommit, control, dispatchedRuns } from '../../testing/github.ts';
import { eventually, until } from '../../testing/until.ts';
import { openBrowser, type TestBrowser, type Visit } from '../test-browser.ts';

// What the pages show of the example organization, in which `octo-org/app` starts `octo-org/deploy` and is refused by
// `octo-org/docs`; what an open page shows of what happens meanwhile; and what an operator does there.

/** A run of `octo-org/app` on a commit of its own, and what it started. */
interface Example {
  readonly sha: string;
  readonly deliveryId: string;
  readonly runUrl: string;
  readonly runKey: string;
  readonly dispatchId: string;
  readonly routeId: string;
  readonly startedRunUrl: string;
}

let dataDir: string;
let system: System;
let browser: TestBrowser;
/** Its target's run is in progress. */
let example: Example;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'example-organization-'));
  [system, browser] = await Promise.all([startSystem({ dataDir, port: 0, env: {} }), openBrowser()]);
  for (const conclusion of ['success', 'failure']) await completeTarget(await completeExample(), conclusion);
  await completeRun(github(), { repository: 'octo-org/docs', workflow: 'publish.yml' });
  example = await completeExample();
});
afterAll(async () => {
  await browser.close();
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

const github = () => system.emulatorUrl ?? '';
const complete = () => completeRun(github(), { repository: 'octo-org/app', workflow: 'ci.yml' });

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(system.url + path)).json()) as T;
}

/** Completes a run on a new commit, and waits until it has started its target. */
async function completeExample(): Promise<Example> {
  const sha = await addCommit(github(), 'octo-org/app');
  const { run, delivery } = await complete();
  type Dispatch = Pick<Example, 'dispatchId' | 'routeId' | 'runKey'> & { targetRunUrl: string | null };
  let found: Example | null = null;
  await eventually(async () => {
    const { dispatches } = await get<{ dispatches: Dispatch[] }>('/api/dispatches?limit=100');
    const started = dispatches.find(({ runKey }) => runKey.includes(`-${run.id}-`));
    expect(started?.targetRunUrl).toMatch(/^http/);
    const { dispatchId, routeId, runKey, targetRunUrl } = started!;
    const startedRunUrl = targetRunUrl ?? '';
    found = { sha, deliveryId: delivery?.guid ?? '', runUrl: run.htmlUrl, runKey, dispatchId, routeId, startedRunUrl };
  });
  return found!;
}

async function completeTarget({ startedRunUrl }: Example, conclusion: string): Promise<void> {
  await control(github(), 'POST', `/runs/${startedRunUrl.split('/').at(-1)}/complete`, { conclusion });
}

async function confirm(page: Page, action: string, button: string): Promise<void> {
  await page.getByRole('button', { name: action }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('A test of the page.');
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('the numbers of the overview are those of the runs', async () => {
  const runs = await control<{ conclusion: string | null }[]>(github(), 'GET', '/runs');
  const started = await dispatchedRuns(github(), 'octo-org/deploy');
  const numbers = [
    // Also the runs that Dispatcher started are received when they complete.
    ['Runs received', runs.filter(({ conclusion }) => conclusion !== null).length],
    ['Runs with a matching rule', started.length],
    // Each run requests a workflow of octo-org/deploy, which allows it, and one of octo-org/docs.
    ['Routes decided', 2 * started.length],
    ['Routes allowed', started.length],
    ['Started', started.length],
    ['Succeeded', started.filter(({ conclusion }) => conclusion === 'success').length],
  ];
  expect(numbers.map(([, number]) => number)).toEqual([6, 3, 6, 3, 3, 1]);
  const visit = await browser.visit(system.url);
  const { page } = visit;
  await visit.open('/');
  const figure = page.getByRole('region', { name: 'From run to success', exact: true });
  await figure.getByRole('button', { name: 'Show as table' }).click();
  const cells = figure.getByRole('table').locator('tbody tr');
  const shown = () => cells.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  await eventually(async () => expect(await shown()).toEqual(numbers.map((row) => row.map(String))));
  await visit.close();
});

test('the page of a refused run has both files beside each other with the deciding lines marked, and folds satisfied checks', async () => {
  const visit = await browser.visit(system.url);
  const { page } = visit;
  await visit.open(`/runs/${example.runKey}`);
  const refused = page.getByRole('article').filter({ hasText: 'inbound-no-match' });
  const source = refused.getByRole('region', { name: 'octo-org/app/dispatching.yml' });
  const target = refused.getByRole('region', { name: 'octo-org/docs/dispatching.yml' });
  const marked = (file: typeof source) => file.locator('[data-marked="true"]').allTextContents();
  await source.waitFor();
  expect(await marked(source)).toEqual(['5      - { repository: docs, workflow: publish.yml }']);
  await target.waitFor();
  expect(await marked(target)).toEqual([
    '2  - source: { repository: website, workflow: build.yml }',
    '3    targets:',
    '4      - { workflow: publish.yml }',
  ]);
  const [left, right] = [await source.boundingBox(), await target.boundingBox()];
  expect(right?.y).toBe(left?.y);
  expect(right?.x).toBeGreaterThan((left?.x ?? 0) + (left?.width ?? 0));
  const commit = refused.getByRole('link', { name: `octo-org/app/dispatching.yml at ${example.sha.slice(0, 7)}` });
  await expect(commit.first().getAttribute('href')).resolves.toContain(
    `/octo-org/app/blob/${example.sha}/dispatching.yml`,
  );

  const satisfied = refused.getByRole('list', { name: 'Satisfied checks' });
  const show = refused.getByRole('button', { name: 'Show satisfied checks' });
  const hide = refused.getByRole('button', { name: 'Hide satisfied checks' });
  await refused.getByRole('list', { name: 'Failed checks' }).getByText('Expected').first().waitFor();
  expect(await satisfied.count()).toBe(0);
  await show.click();
  await satisfied.getByText('Expected').first().waitFor();
  await hide.click();
  await satisfied.waitFor({ state: 'detached' });
  await show.press('Enter');
  await satisfied.waitFor();
  await hide.press('Space');
  await satisfied.waitFor({ state: 'detached' });
  await visit.close();
});

test('the find field leads from every kind of text to its page, and says what it looked for otherwise', async () => {
  const visit = await browser.visit(system.url, { expected: [/status of 404/] });
  const { page } = visit;
  const { runUrl, startedRunUrl, sha, deliveryId, dispatchId, routeId } = example;
  const run = `/runs/${example.runKey}`;
  const pages = [
    [runUrl, run],
    [startedRunUrl, run],
    [sha, run],
    [new URL(`/octo-org/app/commit/${sha}`, runUrl).href, run],
    [deliveryId, run],
    [dispatchId, `${run}?dispatch=${dispatchId}`],
    ['octo-org/deploy', '/repositories/octo-org/deploy'],
    [new URL('/octo-org/deploy', runUrl).href, '/repositories/octo-org/deploy'],
    [routeId, `/routes/${routeId}`],
  ] as const;
  const field = page.getByRole('searchbox', { name: /^Find a run/ });
  const hasFocus = () => field.evaluate((node) => node === node.ownerDocument.activeElement);
  await visit.open('/settings');
  for (const [index, [text, path]] of pages.entries()) {
    expect(await hasFocus()).toBe(false);
    await page.keyboard.press(index % 2 === 0 ? '/' : 'Control+k');
    expect(await hasFocus()).toBe(true);
    await page.keyboard.insertText(text);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => `${url.pathname}${url.search}` === path);
    await page.getByRole('heading', { level: 1, name: /octo-org/ }).waitFor();
  }
  // From another text field, too.
  await page.keyboard.press('Meta+k');
  expect(await hasFocus()).toBe(true);
  for (const [text, answer] of [
    ['0'.repeat(40), 'No commit 0000000 is recorded'],
    ['?!', 'Nothing was found for “?!”'],
  ] as const) {
    await field.fill(text);
    await field.press('Enter');
    await page.getByRole('main').getByText(answer).waitFor();
    await page.getByRole('region', { name: 'What can be found' }).waitFor();
  }
  await visit.close();
});
test('the graph lights the trail of the repository with the pointer or the focus, and dims the rest', async () => {
  const visit = await browser.visit(system.url);
  const { page } = visit;
  await visit.open('/graph?repository=octo-org%2Fapp&steps=1');
  const graph = page.getByRole('application', { name: 'Graph of the routes' });
  const box = graph.getByRole('link', { name: 'octo-org/deploy', exact: true });
  await box.waitFor();
  const dimmed = () => graph.locator('[data-dim="true"]').allTextContents();
  /** The repositories at the ends of the thick lines. */
  const lit = () =>
    graph.locator('.react-flow__edge').evaluateAll((edges) =>
      edges
        .filter((edge) => {
          const path = edge.querySelector('.react-flow__edge-path');
          return path?.ownerDocument.defaultView?.getComputedStyle(path).strokeWidth === '3px';
        })
        .map((edge) => edge.getAttribute('aria-label')?.match(/[\w-]+\/[\w-]+/g)),
    );
  const isLit = async () => {
    expect(await lit()).toEqual([['octo-org/app', 'octo-org/deploy']]);
    expect(await dimmed()).toContain('octo-org/docs');
    expect(await dimmed()).not.toContain('octo-org/app');
    expect(await dimmed()).not.toContain('octo-org/deploy');
  };
  const isUnlit = async () => expect([await lit(), await dimmed()]).toEqual([[], []]);
  await isUnlit();
  await box.focus();
  await eventually(isLit);
  await box.blur();
  await eventually(isUnlit);
  await box.hover();
  await eventually(isLit);
  await page.mouse.move(0, 0);
  await eventually(isUnlit);
  await visit.close();
});

test('the page of a redrive shows its progress; stopped, what was sent stays sent, and it continues with the rest', async () => {
  const sqs = new SQSClient({ endpoint: system.awsUrl, ...awsAccess });
  const QueueUrl = queueUrl(system.awsUrl, 'runs');
  for (const number of [1, 2, 3])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `{"type":${number}` }));
  sqs.destroy();
  const visit = await browser.visit(system.url);
  const { page } = visit;
  await eventually(async () => {
    await visit.open('/dead-letters?queue=runs&reason=message-invalid');
    expect(await page.getByRole('button', { name: 'Invalid message', exact: true }).count()).toBe(3);
  });
  // A request carries out up to 1,000. With one, three dead letters are many; the second one waits.
  let redriven = 0;
  const stopped = Promise.withResolvers<undefined>();
  await page.route('**/api/dead-letters/redrive', async (route) => {
    const body = route.request().postDataJSON() as { dryRun: boolean };
    if (body.dryRun) return route.continue();
    if (redriven === 1) await stopped.promise;
    const response = await route.fetch({ postData: JSON.stringify({ ...body, limit: 1 }) });
    const { outcomes } = (await response.json()) as { outcomes: { redriven?: number } };
    redriven += outcomes.redriven ?? 0;
    return route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Redrive…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Redrive dead letters' });
  await dialog.getByLabel('Reason').fill('INC-110: the sender was corrected');
  await dialog.getByRole('button', { name: 'Redrive 3 dead letters' }).click();

  const progress = page.getByRole('region', { name: 'Progress' });
  const percent = () => progress.getByRole('progressbar').getAttribute('aria-valuenow');
  await progress.getByText('In progress: 1 of 3 dead letters redriven.').waitFor();
  expect(await percent()).toBe('33');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await progress.getByText('Stopping after the request that is being carried out.').waitFor();
  stopped.resolve(undefined);
  await progress.getByText('Stopped. 2 dead letters were redriven; what was sent stays sent.').waitFor();
  expect(await percent()).toBe('67');
  expect(redriven).toBe(2);
  await page.getByRole('button', { name: 'Continue' }).click();
  await progress.getByText('Completed. 3 dead letters were redriven.').waitFor();
  expect(await percent()).toBe('100');
  const audit = page.getByRole('table', { name: 'Audit log of this action' }).locator('tbody tr');
  await eventually(async () => expect(await audit.count()).toBe(3));
  await visit.close();
});

const rowsOf = (visit: Visit) => visit.page.getByRole('main').getByRole('link', { name: /octo-org\/app/ });

/** Opens the list of runs, once it has the first one. */
async function openRuns(options: Parameters<TestBrowser['visit']>[1] = {}): Promise<Visit> {
  const visit = await browser.visit(system.url, options);
  await until(async () => {
    await visit.open('/runs');
    return (await rowsOf(visit).count()) > 0;
  });
  return visit;
}

const streamRequests = (visit: Visit) => visit.apiRequests().filter((request) => request.startsWith('GET /api/stream'));

test('a new run waits behind a button, and moves nothing until it is pressed', async () => {
  const visit = await openRuns();
  const before = await rowsOf(visit).count();
  await complete();
  const button = visit.page.getByRole('button', { name: /^\d+ new runs?$/ });
  await button.waitFor();
  expect(await rowsOf(visit).count()).toBe(before);
  await button.click();
  await until(async () => (await rowsOf(visit).count()) > before);
  await button.waitFor({ state: 'detached' });
  await visit.close();
});

test('on the page of the newest facts, new ones of what is filtered wait behind a button', async () => {
  const visit = await browser.visit(system.url);
  const rows = visit.page.getByRole('table', { name: 'Activity' }).getByRole('row').filter({ hasText: 'octo-org/app' });
  await until(async () => {
    await visit.open('/activity?type=run.planned&source=octo-org/app');
    return (await rows.count()) > 0;
  });
  const before = await rows.count();
  await complete();
  const button = visit.page.getByRole('button', { name: '1 new fact', exact: true });
  await button.waitFor();
  expect(await rows.count()).toBe(before);
  await button.click();
  await until(async () => (await rows.count()) === before + 1);
  expect(await visit.page.getByRole('row').filter({ hasText: 'Started' }).count()).toBe(0);
  await visit.close();
});

test('a hidden tab closes the stream, and a visible one opens it again', async () => {
  const visit = await openRuns();
  const show = (state: string) =>
    visit.page.evaluate<undefined>(
      `Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
       document.dispatchEvent(new Event('visibilitychange'));`,
    );
  await until(() => streamRequests(visit).length > 0);
  await show('hidden');
  visit.apiRequests();
  // Longer than the wait between two requests in a page that shows something new.
  await visit.page.clock.install();
  await visit.page.clock.runFor(60_000);
  expect(streamRequests(visit)).toEqual([]);
  await show('visible');
  await until(() => streamRequests(visit).length > 0);
  await visit.close();
});

test('the page says since when it is stale after three missed rounds, and recovers by itself', async () => {
  const visit = await openRuns({ expected: [/api\/stream/, /Failed to load resource/] });
  await visit.page.route('**/api/stream*', (route) => route.abort('connectionrefused'));
  const stale = visit.page.getByText(/^Stale since /);
  await stale.waitFor();
  await visit.page.unroute('**/api/stream*');
  await stale.waitFor({ state: 'detached' });
  await visit.close();
});

test('an operator creates, runs, pauses, resumes and deletes a schedule, also on a phone', async () => {
  const visit = await browser.visit(system.url, { expected: [/status of 400/] });
  const { page } = visit;
  await visit.open('/schedules');
  await page.getByText('There are no schedules').waitFor();

  await page.getByRole('button', { name: 'New schedule' }).first().click();
  const dialog = page.getByRole('dialog');
  const create = dialog.getByRole('button', { name: 'Create schedule' });
  await create.click();
  await dialog.getByText('Write owner/name:workflow.yml.').waitFor();
  await dialog.getByLabel('Name').fill('nightly');
  await dialog.getByLabel('Times').fill('*/4 3 * * *');
  await dialog.getByLabel('Starts').fill('octo-org/deploy:cd.yml');
  await dialog.getByLabel('Inputs').fill('environment=staging');
  await dialog.getByLabel('Reason').fill('A test of the page.');
  await expect(dialog.getByLabel('Time zone').inputValue()).resolves.toBe('Europe/Berlin');
  expect(await visit.accessibilityProblems()).toEqual([]);
  await create.click();
  await dialog.getByText(/at least 5 minutes/).waitFor();
  await dialog.getByLabel('Times').fill('0 3 * * 1-5');
  await create.click();
  await dialog.waitFor({ state: 'hidden' });

  const row = page.getByRole('row').filter({ hasText: 'nightly' });
  await row.getByText('Active').waitFor();
  expect(await row.getByRole('list').getByRole('listitem').allTextContents()).toEqual(
    Array.from({ length: 5 }, () => expect.stringMatching(/^\d{4}-\d{2}-\d{2} 03:00$/)),
  );
  expect(await visit.accessibilityProblems()).toEqual([]);

  await confirm(page, 'Run now…', 'Run now');
  await confirm(page, 'Pause…', 'Pause schedule');
  await row.getByText('Paused', { exact: true }).waitFor();
  await row.getByText('None while it is paused').waitFor();
  await confirm(page, 'Resume…', 'Resume schedule');
  await row.getByText('Active').waitFor();

  await page.setViewportSize({ width: 320, height: 640 });
  await visit.settled();
  // A page draws its lists anew when it becomes narrow.
  await eventually(async () => expect(await visit.overflow()).toBeLessThanOrEqual(0));
  await confirm(page, 'Delete…', 'Delete schedule');
  await page.getByText('There are no schedules').waitFor();
  await visit.close();
});

test('an operator creates, tests, rotates, pauses, resumes and deletes a webhook, also on a phone', async () => {
  const visit = await browser.visit(system.url, { expected: [/status of 400/] });
  const { page } = visit;
  await visit.open('/webhooks');
  await page.getByText('There are no webhooks').waitFor();

  await page.getByRole('button', { name: 'New webhook' }).first().click();
  const dialog = page.getByRole('dialog');
  const create = dialog.getByRole('button', { name: 'Create webhook' });
  await create.click();
  await dialog.getByText('Write owner/name:workflow.yml.').waitFor();
  await dialog.getByLabel('Name').fill('grafana');
  await dialog.getByLabel('Verified by').selectOption('hmac-sha256');
  await dialog.getByLabel('Header').fill('X-Grafana-Alerting-Signature,encoding=base32');
  await dialog.getByLabel('Starts').fill('octo-org/deploy:cd.yml');
  await dialog.getByLabel('Inputs').fill('alert=/alerts/0/labels/alertname');
  await dialog.getByLabel('Only if').fill('/status=firing');
  await dialog.getByLabel('Reason').fill('A test of the page.');
  expect(await visit.accessibilityProblems()).toEqual([]);
  await create.click();
  await dialog.getByText(/write standard-webhooks, github/).waitFor();
  await dialog.getByLabel('Header').fill('X-Grafana-Alerting-Signature');
  await create.click();

  const secret = dialog.getByLabel('Secret', { exact: true });
  await secret.waitFor();
  const shown = await secret.inputValue();
  expect(shown).toMatch(/^[0-9a-f]{64}$/);
  await dialog.getByText(`${system.url}/webhooks/grafana`).waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const row = page.getByRole('row').filter({ hasText: 'grafana' });
  await row.getByText('Active').waitFor();
  expect(await page.content()).not.toContain(shown);
  const body = JSON.stringify({ status: 'firing', alerts: [{ labels: { alertname: 'High CPU' } }] });
  const signature = createHmac('sha256', shown).update(body).digest('hex');
  const address = `${system.url}/webhooks/grafana`;
  const send = (text: string) =>
    fetch(address, { method: 'POST', headers: { 'x-grafana-alerting-signature': text }, body });
  expect((await send(signature)).status).toBe(202);
  expect((await send('0'.repeat(64))).status).toBe(401);
  await visit.open('/webhooks');
  await row.getByText(/1 message refused, last .*another secret/).waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);

  await page.getByRole('button', { name: 'Test…' }).click();
  await dialog.getByLabel('Message').fill(body);
  await dialog.getByLabel('Reason').fill('A test of the page.');
  await dialog.getByRole('button', { name: 'Test webhook' }).click();
  await dialog.getByText('alert=High CPU').waitFor();
  expect(await visit.accessibilityProblems()).toEqual([]);
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Rotate…' }).click();
  await dialog.getByLabel('The former secret is accepted').selectOption('0');
  await dialog.getByLabel('Reason').fill('A test of the page.');
  await dialog.getByRole('button', { name: 'Rotate secret' }).click();
  await expect(secret.inputValue()).resolves.not.toBe(shown);
  await dialog.getByRole('button', { name: 'Done' }).click();
  expect((await send(signature)).status).toBe(401);

  await confirm(page, 'Pause…', 'Pause webhook');
  await row.getByText('Paused', { exact: true }).waitFor();
  await confirm(page, 'Resume…', 'Resume webhook');
  await row.getByText('Active').waitFor();

  await page.setViewportSize({ width: 320, height: 640 });
  await visit.settled();
  // A page draws its lists anew when it becomes narrow.
  await eventually(async () => expect(await visit.overflow()).toBeLessThanOrEqual(0));
  await confirm(page, 'Delete…', 'Delete webhook');
  await page.getByText('There are no webhooks').waitFor();
  expect((await send(signature)).status).toBe(404);
  await visit.close();
});
