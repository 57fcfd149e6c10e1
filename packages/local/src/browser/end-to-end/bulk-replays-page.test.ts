import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../../app/emulator.ts';
import { startSystem, type System } from '../../app/system.ts';
import { control, dispatchedRuns, untilIssueIsOpen } from '../../testing/github.ts';
import { eventually, until } from '../../testing/until.ts';
import { openBrowser, type TestBrowser } from '../test-browser.ts';

// After an outage of GitHub, an operator replays every run that it cost, on the pages of the dashboard.

const runCount = 5;

let dataDir: string;
let system: System;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'bulk-replays-page-'));
  // The issue about the outage is written after it, however long it lasted.
  const env = { UNREADABLE_GIVE_UP_SECONDS: '8', MAX_ATTEMPTS: '20' };
  [system, browser] = await Promise.all([
    startSystem({ dataDir, port: 0, env, scheduleEveryMs: 1_000 }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

async function countUnreadable(): Promise<number> {
  const response = await fetch(`${system.url}/api/deliveries?outcome=config-unreadable`);
  return ((await response.json()) as { deliveries: unknown[] }).deliveries.length;
}

test('from the list of the runs that an outage cost to their result, each started once', async () => {
  const github = system.emulatorUrl ?? '';
  const fault = { status: 503, body: { message: 'Service Unavailable' } };
  const rules = ['/app*', '/repos/*', '/graphql', '/users/*'].map((path) => ({ match: { path, times: 0 }, fault }));
  await control(github, 'POST', '/faults', { rules });
  for (let number = 0; number < runCount; number += 1)
    await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  await until(async () => (await countUnreadable()) === runCount);
  await control(github, 'DELETE', '/faults');
  await untilIssueIsOpen(github, 'octo-org/app');

  const visit = await browser.visit(system.url);
  const { page } = visit;
  await visit.open('/runs');
  await page.getByLabel('Result').selectOption('dispatching.yml could not be read');
  await page.getByRole('button', { name: 'Replay these runs…' }).click();
  const dialog = page.getByRole('dialog', { name: 'New bulk replay' });
  await dialog.getByRole('button', { name: 'Show the runs' }).click();
  await dialog.getByText('Write a reason').waitFor();
  await dialog.getByLabel('Reason').fill('INC-108: GitHub is back');
  await dialog.getByRole('button', { name: 'Show the runs' }).click();
  await dialog.getByText(`${runCount} runs are selected. Nothing was changed yet.`).waitFor();
  await expect(dialog.getByRole('table', { name: 'Selected runs' }).locator('tbody tr').count()).resolves.toBe(
    runCount,
  );
  expect(await visit.accessibilityProblems()).toEqual([]);
  // Another selection needs another dry run.
  await dialog.getByLabel('Source repository').fill('octo-org/nowhere');
  await dialog.getByRole('button', { name: 'Show the runs' }).click();
  await dialog.getByText('No run is selected.').waitFor();
  await dialog.getByLabel('Source repository').fill('octo-org/app');
  await dialog.getByLabel('Replays per minute').fill('600');
  await dialog.getByRole('button', { name: 'Show the runs' }).click();
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toEqual([]);
  await dialog.getByRole('button', { name: `Replay ${runCount} runs` }).click();

  await page.waitForURL(/\/bulk-replays\/\d{8}T/);
  await page.getByText(`Completed. ${runCount} replays were requested.`).waitFor();
  const runs = page.getByRole('table', { name: 'Selected runs' }).locator('tbody tr');
  await eventually(async () => expect(await runs.count()).toBe(runCount));
  expect(await visit.accessibilityProblems()).toEqual([]);
  await until(async () => (await countUnreadable()) === 0);
  await page.getByRole('link', { name: 'Runs that have this result now' }).click();
  await page.getByText('No runs match these filters').waitFor();
  await until(async () => (await dispatchedRuns(github, 'octo-org/deploy')).length >= runCount);
  expect(await dispatchedRuns(github, 'octo-org/deploy')).toHaveLength(runCount);
  await visit.close();
});

test('one in progress is stopped and resumed with a reason, and another one is refused meanwhile', async () => {
  const visit = await browser.visit(system.url, { expected: [/status of 409/] });
  const { page } = visit;
  const start = async (): Promise<void> => {
    await visit.open('/bulk-replays');
    await page.getByRole('button', { name: 'New bulk replay' }).click();
    const dialog = page.getByRole('dialog', { name: 'New bulk replay' });
    await dialog.getByLabel('Result').selectOption('Planned');
    await dialog.getByLabel('How').selectOption({ value: 'as-recorded' });
    await dialog.getByLabel('Replays per minute').fill('1');
    await dialog.getByLabel('Reason').fill('INC-109: slowly');
    await dialog.getByRole('button', { name: 'Show the runs' }).click();
    await dialog.getByRole('button', { name: `Replay ${runCount} runs` }).click();
  };
  await start();
  await page.getByText(/^In progress: \d of 5 replays requested/).waitFor();
  await start();
  await page.getByText(/is running: .+ started it at/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('row').filter({ hasText: 'In progress' }).getByRole('link').click();
  for (const [action, name, state] of [
    ['Stop…', 'Stop bulk replay', /^Stopped\. \d of 5 replays/],
    ['Resume…', 'Resume bulk replay', /^In progress: /],
  ] as const) {
    await page.getByRole('button', { name: action }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('INC-109: the target is busy');
    await dialog.getByRole('button', { name }).click();
    await page.getByText(state).waitFor();
  }
  await visit.close();
});
