import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

let api: RuntimeApi;
beforeAll(async () => {
  api = await startRuntimeApi('fixture');
});
afterAll(() => api.close());

describe('the Runtime API', () => {
  test('returns JSON with a content type, as AWS’s runtime client expects', async () => {
    const base = `http://${api.address}/2018-06-01/runtime/invocation`;
    const request = fetch(`${base}/next`);
    await api.ready;
    const outcome = api.invoke({ do: 'one' }, 1_000);
    const next = await request;
    expect(next.headers.get('content-type')).toBe('application/json');
    expect(await next.json()).toEqual({ do: 'one' });
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const response = await fetch(`${base}/${id}/response`, { method: 'POST', body: '"done"' });
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/json');
    await expect(outcome).resolves.toEqual({ state: 'succeeded', payload: 'done' });
  });

  test('refuses what no runtime client sends, and serves the next event afterwards', async () => {
    for (const body of [undefined, '{"cut', '']) {
      const stray = await fetch(`http://${api.address}/api/status`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { body }),
      });
      expect(stray.status).toBe(400);
    }
    const base = `http://${api.address}/2018-06-01/runtime/invocation`;
    const outcome = api.invoke({ do: 'two' }, 1_000);
    const id = (await fetch(`${base}/next`)).headers.get('lambda-runtime-aws-request-id');
    await fetch(`${base}/${id}/response`, { method: 'POST', body: '"done"' });
    await expect(outcome).resolves.toEqual({ state: 'succeeded', payload: 'done' });
  });
});
