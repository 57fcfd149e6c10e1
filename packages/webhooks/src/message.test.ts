import { describe, expect, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { challengeOf, isPing } from './handshake.ts';
import { identityOf } from './identity.ts';
import { mapMessage, problemOfPointer } from './map-message.ts';
import { parseMessage } from './parse-message.ts';
import { generateSecret, problemOfSecret } from './secrets.ts';

const form = 'application/x-www-form-urlencoded';
const parse = (text: string, contentType?: string) => parseMessage(Buffer.from(text), contentType);

describe('bodies', () => {
  test('JSON is read whatever its content type says', () => {
    for (const type of [undefined, 'application/json', 'text/plain; charset=utf-8', 'application/cloudevents+json']) {
      expect(parse('{"a":[1]}', type)).toEqual({ message: { a: [1] } });
    }
  });

  test('a number that JavaScript would round is kept as the sender wrote it, so that no other id is sent on', () => {
    const text = '{"id":1234567890123456789,"ids":[-9007199254740993,1e999],"text":"1234567890123456789","count":3}';
    const parsed = parse(text);
    const inputs = { id: '/id', other: '/ids/0', text: '/text', count: '/count' };
    if (!('message' in parsed)) throw new Error(parsed.problem);
    expect(mapMessage({ inputs, when: { '/ids/1': '1e999' } }, parsed.message)).toEqual({
      state: 'matched',
      inputs: { id: '1234567890123456789', other: '-9007199254740993', text: '1234567890123456789', count: '3' },
    });
  });

  test('a form is an object of its fields; of a repeated one the first value counts', () => {
    expect(parse('text=deploy+now&user=u%31&text=later', `${form}; charset=utf-8`)).toEqual({
      message: { text: 'deploy now', user: 'u1' },
    });
  });

  test('a form with the single field payload is the JSON in it', () => {
    expect(parse(`payload=${encodeURIComponent('{"type":"block_actions"}')}`, form)).toEqual({
      message: { type: 'block_actions' },
    });
    expect(parse('payload=x', form)).toEqual({ problem: 'The field payload is not valid JSON.' });
    expect(parse('payload=x&other=y', form)).toEqual({ message: { payload: 'x', other: 'y' } });
  });

  test.each(['', 'null', '1', '"text"', '{', '['.repeat(100_000)])('a body like %.10j is refused', (text) => {
    expect(parse(text)).toHaveProperty('problem');
  });

  test('bytes that are not UTF-8 are refused', () => {
    expect(parseMessage(Buffer.from([0x7b, 0xff, 0x7d]), undefined)).toEqual({
      problem: 'The request body is not UTF-8.',
    });
  });
});

describe('values', () => {
  const message = {
    status: 'firing',
    count: 3,
    'a/b': { 'm~n': true },
    alerts: [{ labels: { alertname: 'High CPU' } }],
    none: null,
    long: 'x'.repeat(1_025),
    lines: 'a\nb',
    half: '\ud800',
    separated: 'a\u2028b',
    rounded: 2 ** 53,
  };
  const map = (value: string) => mapMessage({ inputs: { input: value }, when: {} }, message);

  test.each([
    ['/status', 'firing'],
    ['/count', '3'],
    ['/a~1b/m~0n', 'true'],
    ['/alerts/0/labels/alertname', 'High CPU'],
    ['production', 'production'],
  ])('%s gives the input the value %s', (value, expected) => {
    expect(map(value)).toEqual({ state: 'matched', inputs: { input: expected } });
  });

  test.each([
    '/missing',
    '/none',
    '/alerts',
    '/alerts/1',
    '/alerts/length',
    '/alerts/00',
    '/status/0',
    '/constructor',
    '/__proto__',
    '/long',
    '/lines',
    '/half',
    '/separated',
    '/rounded',
  ])('%s gives none, and the reason names it', (value) => {
    expect(map(value)).toMatchObject({ state: 'invalid', reason: expect.stringContaining(`at ${value}`) });
  });

  test('every condition must hold, compared as text', () => {
    const when = { '/status': 'firing', '/count': '3' };
    expect(mapMessage({ inputs: {}, when }, message)).toEqual({ state: 'matched', inputs: {} });
    expect(mapMessage({ inputs: {}, when: { ...when, '/count': '4' } }, message)).toEqual({
      state: 'unmatched',
      pointer: '/count',
      expected: '4',
      actual: '3',
    });
    expect(mapMessage({ inputs: {}, when: { '/missing': '' } }, message)).toMatchObject({ state: 'unmatched' });
  });

  test('a value of any name can be found by its pointer', () => {
    assert(
      property(string({ minLength: 1, unit: 'grapheme' }), (name) => {
        const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const own = Object.fromEntries([[name, 'found']]);
        expect(problemOfPointer(pointer)).toBeNull();
        expect(mapMessage({ inputs: { input: pointer }, when: {} }, own)).toEqual({
          state: 'matched',
          inputs: { input: 'found' },
        });
      }),
    );
  });

  test.each(['', 'status', '/a~2', `/${'a'.repeat(500)}`])('the pointer %.10j is refused', (pointer) => {
    expect(problemOfPointer(pointer)).not.toBeNull();
  });
});

describe('the same message', () => {
  const request = (headers: Readonly<Record<string, string>>) => ({
    headers,
    body: Buffer.from('{}'),
    pathToken: null,
  });
  const identify = (
    scheme: 'stripe' | 'slack' | 'github' | 'token' | 'standard-webhooks',
    message: object,
    headers = {},
    signature: string | null = null,
  ) => identityOf({ scheme }, request(headers), message, signature);

  test('has the id that its sender gave it', () => {
    expect(identify('standard-webhooks', {}, { 'webhook-id': 'm1' }, 's')).toEqual({
      isLasting: true,
      parts: ['id', 'm1'],
    });
    expect(identify('github', {}, { 'x-github-delivery': 'g1' })).toEqual({ isLasting: true, parts: ['id', 'g1'] });
    expect(identify('stripe', { id: 'evt_1' }, {}, 's')).toEqual({ isLasting: true, parts: ['id', 'evt_1'] });
    expect(identify('slack', { event_id: 'Ev1' }, {}, 's')).toEqual({ isLasting: true, parts: ['id', 'Ev1'] });
    expect(identify('slack', { trigger_id: '13' }, {}, 's')).toEqual({ isLasting: true, parts: ['id', '13'] });
  });

  test('without an id by its signature, and without a time in that by its content', () => {
    expect(identify('slack', {}, {}, 's')).toEqual({ isLasting: true, parts: ['signature', 's'] });
    expect(identify('token', {})).toMatchObject({
      isLasting: false,
      parts: ['body', expect.stringMatching(/^[0-9a-f]{64}$/)],
    });
  });
});

test('only Slack’s url_verification is answered with its challenge, and only GitHub’s ping is a ping', () => {
  const handshake = { type: 'url_verification', challenge: 'c1' };
  const ping = { headers: { 'x-github-event': 'ping' }, body: Buffer.from('{}'), pathToken: null };
  expect(challengeOf({ scheme: 'slack' }, handshake)).toBe('c1');
  expect(challengeOf({ scheme: 'stripe' }, handshake)).toBeNull();
  expect(challengeOf({ scheme: 'slack' }, { type: 'event_callback' })).toBeNull();
  expect(isPing({ scheme: 'github' }, ping)).toBe(true);
  expect(isPing({ scheme: 'token' }, ping)).toBe(false);
});

test.each(['standard-webhooks', 'github', 'stripe', 'slack', 'token', 'hmac-sha256'] as const)(
  'a generated secret of %s is valid, and no two are equal',
  (scheme) => {
    const secret = generateSecret({ scheme });
    expect(problemOfSecret({ scheme }, secret)).toBeNull();
    expect(generateSecret({ scheme })).not.toBe(secret);
  },
);

test('a secret that is short, or has spaces, is refused', () => {
  expect(problemOfSecret({ scheme: 'github' }, 'short')).not.toBeNull();
  expect(problemOfSecret({ scheme: 'slack' }, 'with spaces in between it')).not.toBeNull();
  expect(problemOfSecret({ scheme: 'standard-webhooks' }, 'whsec_AAAA')).not.toBeNull();
  expect(problemOfSecret({ scheme: 'token' }, 'a/b'.repeat(20))).not.toBeNull();
});
