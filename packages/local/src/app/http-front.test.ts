import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { FastifyInstance } from 'fastify';
import { createFront } from './http-front.ts';
import type { Outcome } from '../lambda/lambda-runtime.ts';

let front: FastifyInstance;
afterEach(async () => {
  await front.close();
});

/** A front whose functions record their events and answer what the test says. */
async function start(outcome: Outcome = { state: 'succeeded', payload: { statusCode: 202, body: '{}' } }) {
  const seen: { to: string; event: APIGatewayProxyEventV2 }[] = [];
  const record = (to: string) => async (event: APIGatewayProxyEventV2) => {
    seen.push({ to, event });
    return outcome;
  };
  front = createFront({ ingress: record('ingress'), planning: record('planning'), admin: record('admin') });
  const url = await front.listen({ port: 0, host: '127.0.0.1' });
  return { url, seen };
}

describe('the HTTP front', () => {
  test('hands a delivery to ingress as an event of payload format 2.0, its body byte for byte', async () => {
    const { url, seen } = await start();
    const body = '{"spaces":  "kept", "sign": "é"}\n';
    const headers = { 'X-GitHub-Event': 'workflow_run', 'Content-Type': 'application/json' };
    const answer = await fetch(`${url}/webhooks/github?a=1&b=x%20y`, { method: 'POST', headers, body });
    expect(answer.status).toBe(202);
    expect(seen).toMatchObject([
      {
        to: 'ingress',
        event: {
          version: '2.0',
          rawPath: '/webhooks/github',
          rawQueryString: 'a=1&b=x%20y',
          headers: { 'x-github-event': 'workflow_run', 'content-type': 'application/json' },
          requestContext: { http: { method: 'POST', path: '/webhooks/github' } },
          body,
          isBase64Encoded: false,
        },
      },
    ]);
  });

  test('sends bytes that are no UTF-8 as base64', async () => {
    const { url, seen } = await start();
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    await fetch(`${url}/webhooks/github`, { method: 'POST', body: bytes });
    expect(seen[0]?.event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
  });

  test('leaves out the body where there is none', async () => {
    const { url, seen } = await start();
    await fetch(`${url}/webhooks/github`, { method: 'POST' });
    expect(seen[0]?.event).not.toHaveProperty('body');
  });

  test.each([
    ['GET', '/health', 'admin'],
    ['GET', '/api/deliveries/1', 'admin'],
    ['POST', '/api/runs/1/replay', 'admin'],
    ['POST', '/dispatch', 'planning'],
  ])('%s %s goes to %s', async (method, path, name) => {
    const { url, seen } = await start();
    await fetch(url + path, { method });
    expect(seen.map(({ to }) => to)).toEqual([name]);
  });

  test('answers 404 to every other path without asking a function', async () => {
    const { url, seen } = await start();
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
    expect((await fetch(`${url}/webhooks/github`)).status).toBe(404);
    expect(seen).toEqual([]);
  });

  test('answers 413 beyond 10 MB, the limit of an HTTP API', async () => {
    const { url, seen } = await start();
    const answer = await fetch(`${url}/webhooks/github`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect(answer.status).toBe(413);
    expect(seen).toEqual([]);
  });

  test('gives the function’s status, headers and base64 body back', async () => {
    const body = Buffer.from('binary').toString('base64');
    const headers = { 'content-type': 'application/problem+json' };
    const { url } = await start({
      state: 'succeeded',
      payload: { statusCode: 404, headers, body, isBase64Encoded: true },
    });
    const answer = await fetch(`${url}/api/x`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.text()).toBe('binary');
  });

  test('answers 500 where the function failed', async () => {
    const { url } = await start({ state: 'failed', error: { errorType: 'Error', errorMessage: 'secret detail' } });
    const answer = await fetch(`${url}/health`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
  });
});
