import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startSystem, type System } from '../../app/system.ts';
import { eventually } from '../../testing/until.ts';
import { openBrowser, type TestBrowser } from '../test-browser.ts';

// What an operator does on the page of the schedules, on a running system.

let dataDir: string;
let system: System;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'schedules-page-'));
  [system, browser] = await Promise.all([startSystem({ dataDir, port: 0, env: {} }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

async function confirm(page: Page, action: string, button: string): Promise<void> {
  await page.getByRole('button', { name: action }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('A test of the page.');
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'hidden' });
}

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
