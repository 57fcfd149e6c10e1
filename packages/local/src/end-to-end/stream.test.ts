import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { eventually } from '../testing/until.ts';

let dataDir: string;
let system: System;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'stream-'));
  system = await startSystem({ dataDir, port: 0, env: {} });
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

async function readStream(lastEventId?: string) {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await fetch(`${system.url}/api/stream`, { headers: { accept: 'text/event-stream', ...headers } });
  const body = await response.text();
  const data = /^data: (.*)$/m.exec(body)?.[1];
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    id: /^id: (.*)$/m.exec(body)?.[1],
    news: data === undefined ? null : (JSON.parse(data) as { facts: { deliveryId: string }[] }),
  };
}

test('the stream sends a run that completed since the last event', async () => {
  const first = await readStream();
  expect(first).toMatchObject({ status: 200, type: 'text/event-stream', news: { facts: [], more: true } });
  expect(await readStream(first.id)).toMatchObject({ status: 200, type: 'text/event-stream', news: null });
  const { delivery } = await completeRun(system.emulatorUrl ?? '', { repository: 'octo-org/app', workflow: 'ci.yml' });
  const guid = delivery?.guid;
  await eventually(async () => {
    const { news } = await readStream(first.id);
    expect(news?.facts.find(({ deliveryId }) => deliveryId === guid)).toMatchObject({
      type: 'run.planned',
      repository: 'octo-org/app',
    });
  });
});
