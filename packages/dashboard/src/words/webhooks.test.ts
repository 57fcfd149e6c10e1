import { expect, test } from '@jest/globals';
import {
  captionOfScheme,
  parseMessage,
  problemsOfWebhook,
  schemes,
  verificationOf,
  type WebhookForm,
} from './webhooks.ts';

const form: WebhookForm = {
  name: 'grafana',
  scheme: 'hmac-sha256',
  header: ' X-Signature,prefix=v1= ',
  target: 'octo-org/deploy:cd.yml',
  ref: '',
  inputs: 'alert=/alerts/0/labels/alertname\nenvironment=staging',
  when: '/status=firing\n\n/a~1b=',
  secret: '',
  reason: 'alerts',
};

test('a complete form has no problem', () => {
  expect(problemsOfWebhook(form)).toEqual({});
});

test.each([
  ['name', 'Grafana'],
  ['header', ' '],
  ['target', 'deploy:cd.yml'],
  ['inputs', 'alert'],
  ['when', 'status=firing'],
  ['when', '/status'],
  ['reason', '  '],
] as const)('%s “%s” is refused, and no other field is', (field, value) => {
  expect(Object.keys(problemsOfWebhook({ ...form, [field]: value }))).toEqual([field]);
});

test('only the scheme with a header needs one, and names it as the API does', () => {
  expect(problemsOfWebhook({ ...form, scheme: 'stripe', header: '' })).toEqual({});
  expect(verificationOf(form)).toBe('hmac-sha256:X-Signature,prefix=v1=');
  expect(verificationOf({ scheme: 'stripe', header: 'X-Signature' })).toBe('stripe');
});

test('each scheme says what is verified', () => {
  for (const [scheme] of schemes) expect(captionOfScheme(scheme)).not.toBe('');
});

test('a message is a JSON object or array', () => {
  expect([parseMessage('{"a":1}'), parseMessage('[]')]).toEqual([{ a: 1 }, []]);
  expect(['', 'text', '1', 'null'].map(parseMessage)).toEqual([null, null, null, null]);
});
