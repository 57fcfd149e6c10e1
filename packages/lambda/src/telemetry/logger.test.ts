import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLogger } from './logger.ts';

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  // Powertools writes to a Console of its own: warnings and errors go to the error stream, which Lambda logs as well.
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
});

const short = `ghs_${'A1b2'.repeat(9)}`;
const long = `ghs_${'x'.repeat(200)}.${'y'.repeat(200)}.${'z-_'.repeat(38)}`;
const jwt = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(40)}.${'c'.repeat(86)}`;
const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';

describe('the log', () => {
  test('tokens of both formats, App JWTs and private keys are redacted in every field', () => {
    createLogger('test').error(`failed with ${short}`, {
      error: new Error(`token ${long} refused`),
      nested: { authorization: [`Bearer ${jwt}`, pem] },
    });
    const text = lines.join('');
    expect(text).toContain('[redacted]');
    for (const secret of [short, long, jwt, 'MIIEow']) expect(text).not.toContain(secret);
  });

  test.each([
    ['debug', ['INFO', 'WARN', 'ERROR']],
    ['info', ['INFO', 'WARN', 'ERROR']],
    ['warn', ['WARN', 'ERROR']],
    ['error', ['ERROR']],
  ] as const)('at the level %s, lines of %j are written', (level, expected) => {
    const log = createLogger('test', level);
    log.info('one');
    log.warn('two');
    log.error('three');
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(expected);
  });

  test('fields of one message do not appear in the lines of the next', () => {
    const log = createLogger('test');
    log.with({ correlationId: 'first', runKey: '1-2-3' }).info('one');
    log.with({ correlationId: 'second' }).info('two');
    log.info('none');
    const [one, two, none] = lines
      .join('')
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
    expect(one).toMatchObject({ correlationId: 'first', runKey: '1-2-3', message: 'one' });
    expect(two).toMatchObject({ correlationId: 'second' });
    expect(two).not.toHaveProperty('runKey');
    expect(none).not.toHaveProperty('correlationId');
  });

  test('an error is logged with its name, message and stack', () => {
    createLogger('test').warn('oops', { error: new TypeError('broken') });
    expect(JSON.parse(lines.join(''))).toMatchObject({
      error: { name: 'TypeError', message: 'broken', stack: expect.stringContaining('logger.test') },
    });
  });
});
