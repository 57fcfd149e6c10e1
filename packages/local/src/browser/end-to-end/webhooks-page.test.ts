import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startSystem, type System } from '../../app/system.ts';
import { eventually } from '../../testing/until.ts';
import { openBrowser, type TestBrowser } from '../test-browser.ts';

// What an operator does on the page of the webhooks, on a running system.

let dataDir: string;
let system: System;
let browser: TestBrowser;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'webhooks-page-'));
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
