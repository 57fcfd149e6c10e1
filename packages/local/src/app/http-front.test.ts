import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { FastifyInstance } from 'fastify';
import { createFront } from './http-front.ts';
import type { Outcome } from '../lambda/lambda-runtime.ts';

let front: FastifyInstance;
afterEach(async () => {
  await front.close();
});

/** Starts an HTTP front whose functions record their events and return the given outcome. */
async function start(outcome: Outcome = { state: 'succeeded', payload: { statusCode: 202, body: '{}' } }) {
  const received: { to: string; event: APIGatewayProxyEventV2 }[] = [];
  const record = (to: string) => async (event: APIGatewayProxyEventV2) => {
    received.push({ to, event });
    return outcome;
  };
  front = createFront({ ingress: record('ingress'), planning: record('planning'), admin: record('admin') });
  const url = await front.listen({ port: 0, host: '127.0.0.1' });
  return { url, received };
}

describe('the HTTP front', () => {
  test('passes a delivery to ingress as an event of payload format 2.0, with its body unchanged', async () => {
    const { url, received } = await start();
    const body = '{"spaces":  "kept", "sign": "é"}\n';
    const headers = { 'X-GitHub-Event': 'workflow_run', 'Content-Type': 'application/json' };
    const response = await fetch(`${url}/webhooks/github?a=1&b=x%20y`, { method: 'POST', headers, body });
    expect(response.status).toBe(202);
    expect(received).toMatchObject([
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

  test('passes a body that is not UTF-8 as base64', async () => {
    const { url, received } = await start();
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    await fetch(`${url}/webhooks/github`, { method: 'POST', body: bytes });
    expect(received[0]?.event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
  });

  test('omits an empty body', async () => {
    const { url, received } = await start();
    await fetch(`${url}/webhooks/github`, { method: 'POST' });
    expect(received[0]?.event).not.toHaveProperty('body');
  });

  test.each([
    ['GET', '/health', 'admin'],
    ['GET', '/api/deliveries/1', 'admin'],
    ['POST', '/api/runs/1/replay', 'admin'],
    ['POST', '/webhooks/grafana', 'ingress'],
    ['POST', '/webhooks/docker-hub/token', 'ingress'],
    ['GET', '/webhooks', 'admin'],
    ['POST', '/dispatch', 'planning'],
    ['GET', '/dispatch', 'planning'],
    ['GET', '/', 'admin'],
    ['GET', '/runs/1?tab=files', 'admin'],
    ['GET', '/assets/index-1a2b.js', 'admin'],
    ['GET', '/auth/sign-in', 'admin'],
    ['POST', '/auth/sign-out', 'admin'],
  ])('%s %s goes to %s', async (method, path, name) => {
    const { url, received } = await start();
    await fetch(url + path, { method });
    expect(received.map(({ to }) => to)).toEqual([name]);
  });

  test('responds 404 to a path of the dashboard with another method, without invoking a function', async () => {
    const { url, received } = await start();
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await fetch(`${url}/other`, { method })).status).toBe(404);
    expect(received).toEqual([]);
  });

  test('responds 413 to a body above 10 MB, the limit of an HTTP API', async () => {
    const { url, received } = await start();
    const response = await fetch(`${url}/webhooks/github`, {
      method: 'POST',
      body: Buffer.alloc(10 * 1024 * 1024 + 1),
    });
    expect(response.status).toBe(413);
    expect(received).toEqual([]);
  });

  test('passes the cookies of a request as a list instead of a header, and sets each cookie of the response', async () => {
    const cookies = ['session=1; Path=/; HttpOnly', 'state=; Max-Age=0; Path=/auth'];
    const { url, received } = await start({
      state: 'succeeded',
      payload: { statusCode: 303, headers: { location: '/' }, cookies },
    });
    const response = await fetch(`${url}/auth/x`, { headers: { cookie: 'a=1; b=2' }, redirect: 'manual' });
    expect(received[0]?.event.cookies).toEqual(['a=1', 'b=2']);
    expect(received[0]?.event.headers).not.toHaveProperty('cookie');
    expect(response.headers.getSetCookie()).toEqual(cookies);
  });

  test('returns the function’s status, headers and base64 body', async () => {
    const body = Buffer.from('binary').toString('base64');
    const headers = { 'content-type': 'application/problem+json' };
    const { url } = await start({
      state: 'succeeded',
      payload: { statusCode: 404, headers, body, isBase64Encoded: true },
    });
    const response = await fetch(`${url}/api/x`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.text()).toBe('binary');
  });

  test('responds 500 if the function failed', async () => {
    const { url } = await start({ state: 'failed', error: { errorType: 'Error', errorMessage: 'secret detail' } });
    const response = await fetch(`${url}/health`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});
