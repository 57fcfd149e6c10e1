import { describe, expect, test } from '@jest/globals';
import { noticeOfRedaction, OperatorReason, redact } from './redact.ts';

const secrets = {
  'an installation token': `ghs_${'A1b2'.repeat(9)}`,
  'a long installation token': `ghs_${'x'.repeat(200)}.${'y'.repeat(200)}.${'z-_'.repeat(38)}`,
  'a fine-grained token': `github_pat_${'a1B2'.repeat(10)}`,
  'a JWT': `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(40)}.${'c'.repeat(86)}`,
  'a private key': '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----',
  'the beginning of a private key': '-----BEGIN PRIVATE KEY-----\nMIIEow',
  'an API key of Dispatcher': `dsp_${'0a'.repeat(8)}_${'A-_z'.repeat(10)}abc`,
  'a secret of Standard Webhooks': `whsec_${'A1b+/'.repeat(8)}A1b=`,
  'an access key id of AWS': `AKIA${'ABCD2345'.repeat(2)}`,
};

test('a JWT is redacted however much it says', () => {
  const token = `eyJ${'a'.repeat(900)}.eyJ${'b'.repeat(40_000)}.${'c'.repeat(86)}`;
  expect(redact(`the token ${token} was refused`)).toBe('the token [redacted] was refused');
});

test('a text that begins again and again like a JWT takes time in proportion to its length', () => {
  // The time of a shorter text says how fast this machine is.
  const text = 'eyJ'.repeat(10_000);
  const cpuMs = (repeat: number) => {
    const { user } = process.cpuUsage();
    redact(text.repeat(repeat));
    return process.cpuUsage({ user, system: 0 }).user / 1_000;
  };
  redact(text);
  expect(cpuMs(8)).toBeLessThan(30 * Math.max(1, cpuMs(1)));
});

describe('a reason', () => {
  test.each(Object.entries(secrets))('with %s is recorded without it', (_, secret) => {
    const reason = OperatorReason.parse(` the key was ${secret}`);
    expect(reason).toBe('the key was [redacted]');
    expect(noticeOfRedaction(reason)).toContain('Revoke');
    expect(redact(reason)).toBe(reason);
  });

  test('without a secret is recorded as it is, trimmed', () => {
    const reason = OperatorReason.parse(' see https://github.com/octo-org/app/actions/runs/77, commit 0a1b2c3d4e5f ');
    expect(reason).toBe('see https://github.com/octo-org/app/actions/runs/77, commit 0a1b2c3d4e5f');
    expect(noticeOfRedaction(reason)).toBeNull();
  });

  test.each(['', '   ', 'x'.repeat(1_001)])('that is empty or too long is refused', (text) => {
    expect(OperatorReason.safeParse(text).success).toBe(false);
  });
});
