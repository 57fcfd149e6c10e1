import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

let api: RuntimeApi;
beforeAll(async () => {
  api = await startRuntimeApi('fixture');
});
afterAll(() => api.close());

describe('the Runtime API', () => {
  test('answers as AWS’s own runtime client expects: JSON, and said to be JSON', async () => {
    const base = `http://${api.address}/2018-06-01/runtime/invocation`;
    const asked = fetch(`${base}/next`);
    await api.ready;
    const outcome = api.invoke({ do: 'one' }, 1_000);
    const next = await asked;
    expect(next.headers.get('content-type')).toBe('application/json');
    expect(await next.json()).toEqual({ do: 'one' });
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const told = await fetch(`${base}/${id}/response`, { method: 'POST', body: '"done"' });
    expect(told.status).toBe(202);
    expect(told.headers.get('content-type')).toBe('application/json');
    await expect(outcome).resolves.toEqual({ state: 'succeeded', payload: 'done' });
  });
});
