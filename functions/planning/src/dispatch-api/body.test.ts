import { describe, expect, test } from '@jest/globals';
import { parseBody } from './body.ts';

const workflow = { repository: 'octo-org/deploy', workflow: 'cd.yml' };
const event = { repository: 'octo-org/deploy', event_type: 'deploy' };
const parse = (body: unknown) => parseBody(JSON.stringify(body));
const many = (count: number, value: unknown = 'x') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));
const nested = (depth: number): unknown => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);

describe('a valid body', () => {
  test('requests a workflow, with and without optional fields', () => {
    const expected = { kind: 'workflow', ...workflow, ref: null, inputs: {} };
    expect(parse(workflow)).toEqual(expected);
    expect(parse({ ...workflow, workflow: '.github/workflows/cd.yml' })).toEqual(expected);
    expect(parse({ ...workflow, ref: 'v1', inputs: { sha: 'abc' } })).toEqual({
      ...expected,
      ref: 'v1',
      inputs: { sha: 'abc' },
    });
  });

  test('requests an event, without a payload or with the payload unchanged', () => {
    const expected = { kind: 'event', repository: 'octo-org/deploy', eventType: 'deploy' };
    expect(parse(event)).toEqual({ ...expected, clientPayload: null });
    const payload = '{"z":1,"__proto__":{"x":[1.5,-2,null,true]},"a":"é"}';
    expect(parseBody(`{"event_type":"deploy","repository":"octo-org/deploy","client_payload":${payload}}`)).toEqual({
      ...expected,
      clientPayload: payload,
    });
  });

  test('may use GitHub’s limits in full', () => {
    expect(parse({ ...workflow, inputs: many(25, 'x'.repeat(1024)) })).toMatchObject({ kind: 'workflow' });
    expect(parse({ ...event, event_type: 'x'.repeat(100), client_payload: many(10, 'x'.repeat(6_000)) })).toMatchObject(
      {
        kind: 'event',
      },
    );
  });
});

describe('an invalid body', () => {
  test.each<[string, unknown, string]>([
    ['no repository', { workflow: 'cd.yml' }, 'repository'],
    ['a repository without an owner', { ...workflow, repository: 'deploy' }, 'repository'],
    ['a repository with a glob', { ...workflow, repository: 'octo-org/*' }, 'repository'],
    ['neither workflow nor event', { repository: 'octo-org/deploy' }, 'workflow'],
    ['a workflow that is a number', { ...workflow, workflow: 1 }, 'workflow'],
    ['a workflow that is a path', { ...workflow, workflow: '../cd.yml' }, 'workflow'],
    ['a commit as ref', { ...workflow, ref: 'a'.repeat(40) }, 'ref'],
    ['a ref that is neither a branch nor a tag', { ...workflow, ref: 'refs/pull/1/head' }, 'ref'],
    ['a ref that is null', { ...workflow, ref: null }, 'ref'],
    ['inputs that are a list', { ...workflow, inputs: ['a'] }, 'inputs'],
    ['an input that is a number', { ...workflow, inputs: { count: 3 } }, 'inputs.count'],
    ['an input with a control character', { ...workflow, inputs: { sha: 'a\0b' } }, 'inputs.sha'],
    ['an input that is too long', { ...workflow, inputs: { sha: 'x'.repeat(1025) } }, 'inputs.sha'],
    ['an input with an invalid name', { ...workflow, inputs: { 'a b': 'x' } }, 'inputs.a b'],
    ['26 inputs', { ...workflow, inputs: many(26) }, 'inputs'],
    ['an unknown field', { ...workflow, environment: 'prod' }, 'environment'],
    ['a workflow together with an event', { ...workflow, ...event }, 'workflow'],
    ['inputs together with an event', { ...event, inputs: {} }, 'inputs'],
    ['a payload together with a workflow', { ...workflow, client_payload: {} }, 'event_type'],
    ['an empty event type', { ...event, event_type: '' }, 'event_type'],
    ['an event type of 101 characters', { ...event, event_type: 'x'.repeat(101) }, 'event_type'],
    ['a payload that is a list', { ...event, client_payload: [] }, 'client_payload'],
    ['eleven properties', { ...event, client_payload: many(11) }, 'client_payload'],
    ['64 KB of payload', { ...event, client_payload: { text: 'x'.repeat(64 * 1024) } }, 'client_payload'],
    ['a payload of more than 100 levels', { ...event, client_payload: nested(101) }, 'client_payload'],
    ['a list', [], 'body'],
    ['null', null, 'body'],
  ])('with %s is refused, and the field is named', (_, body, field) => {
    expect(parse(body)).toEqual({ field, detail: expect.stringContaining(field) });
  });

  test.each([
    ['invalid JSON', '{'],
    ['an empty body', ''],
    ['half a megabyte', JSON.stringify({ ...workflow, ref: 'x'.repeat(500_000) })],
    ['100,000 nested brackets', '['.repeat(100_000)],
  ])('%s is refused as a whole', (_, text) => {
    expect(parseBody(text)).toMatchObject({ field: 'body' });
  });

  test('an input called __proto__, which parsing would silently drop', () => {
    expect(parseBody('{"repository":"a/b","workflow":"cd.yml","inputs":{"__proto__":"x"}}')).toMatchObject({
      field: 'inputs.__proto__',
    });
  });

  test.each([
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '1e-400',
    '0.123456789012345678',
    '-3.14159265358979323846',
    '1234567890.1234567890',
    `0.${'0'.repeat(100_000)}1`,
  ])('the number %s, which JSON cannot represent exactly', (number) => {
    expect(parseBody(`{"repository":"a/b","event_type":"x","client_payload":{"n":[${number}]}}`)).toEqual({
      field: 'client_payload',
      detail: expect.stringContaining('cannot represent exactly'),
    });
  });

  test.each(['0.1', '-0', '1.50', '1E2', '0.0000001', '1e-300', '5e-324', '9007199254740991', '0.1234567890123456'])(
    'the exact number %s is accepted',
    (number) => {
      const payload = `{"n":[${number}],"text":"\\"0.123456789012345678"}`;
      expect(parseBody(`{"repository":"a/b","event_type":"x","client_payload":${payload}}`)).toMatchObject({
        kind: 'event',
      });
    },
  );

  test('a payload that is nested too deeply is refused before it is traversed', () => {
    const depth = 50_000;
    const payload = `${'{"a":'.repeat(depth / 5)}1${'}'.repeat(depth / 5)}`;
    expect(parseBody(`{"repository":"a/b","event_type":"x","client_payload":${payload}}`)).toMatchObject({
      field: 'client_payload',
    });
  });
});
