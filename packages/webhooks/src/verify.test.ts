import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseVerification } from './verification.ts';
import { verify, type VerifiedRequest, windowSeconds } from './verify.ts';

interface Vector {
  readonly source: string;
  readonly verification: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Seconds; the time of the message if the scheme has one. */
  readonly at: number;
}

/** The examples that the documentation of each scheme prints with their secret. */
const published: readonly Vector[] = [
  {
    source: 'Standard Webhooks, in the documentation of Svix: Verifying webhooks manually',
    verification: 'standard-webhooks',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    headers: {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    body: '{"test": 2432232314}',
    at: 1_614_265_330,
  },
  {
    source: 'Slack: Verifying requests from Slack',
    verification: 'slack',
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    headers: {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    },
    body:
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&' +
      'channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&' +
      'response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&' +
      'trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    at: 1_531_420_618,
  },
  {
    source: 'GitHub: Validating webhook deliveries',
    verification: 'github',
    secret: "It's a Secret to Everybody",
    headers: { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
    body: 'Hello, World!',
    at: 1_700_000_000,
  },
];

const hex = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
const at = 1_700_000_000;
const body = '{"status":"firing"}';

/**
 * The schemes whose documentation prints no secret with its example: signed here as it says, in the form that it prints.
 * Stripe: "Resolve webhook signature verification errors". PagerDuty: "Verifying Signatures". Sentry: "Integration Platform
 * Webhooks". Grafana: "Configure webhook notifications".
 */
const described: readonly Vector[] = [
  {
    source: 'Stripe',
    verification: 'stripe',
    secret: 'whsec_example_of_a_secret',
    headers: {
      'stripe-signature': `t=${at},v0=${'6'.repeat(64)},v1=${hex('whsec_example_of_a_secret', `${at}.${body}`)}`,
    },
    body,
    at,
  },
  {
    source: 'PagerDuty, whose header lists two signatures during a rotation',
    verification: 'hmac-sha256:X-PagerDuty-Signature,prefix=v1=',
    secret: 'the-current-secret',
    headers: { 'x-pagerduty-signature': `v1=${hex('the-former-secret', body)},v1=${hex('the-current-secret', body)}` },
    body,
    at,
  },
  {
    source: 'Sentry',
    verification: 'hmac-sha256:Sentry-Hook-Signature',
    secret: 'the-client-secret',
    headers: { 'sentry-hook-signature': hex('the-client-secret', body) },
    body,
    at,
  },
  {
    source: 'Grafana, with the header of the time',
    verification: 'hmac-sha256:X-Grafana-Alerting-Signature,timestamp=X-Grafana-Alerting-Timestamp',
    secret: 'the-hmac-secret',
    headers: {
      'x-grafana-alerting-signature': hex('the-hmac-secret', `${at}:${body}`),
      'x-grafana-alerting-timestamp': String(at),
    },
    body,
    at,
  },
  {
    source: 'Shopify, which writes base64',
    verification: 'hmac-sha256:X-Shopify-Hmac-SHA256,encoding=base64',
    secret: 'the-app-secret',
    headers: { 'x-shopify-hmac-sha256': createHmac('sha256', 'the-app-secret').update(body).digest('base64') },
    body,
    at,
  },
  {
    source: 'a token',
    verification: 'token',
    secret: 't'.repeat(43),
    headers: { authorization: `Bearer ${'t'.repeat(43)}` },
    body,
    at,
  },
];

const all = [...published, ...described];
const hasTime = ({ verification, source }: Vector) =>
  ['standard-webhooks', 'slack', 'stripe'].includes(verification) || source.startsWith('Grafana');

function check(
  { verification, secret, headers, body: text, at: seconds }: Vector,
  change: {
    readonly request?: Partial<VerifiedRequest>;
    readonly secrets?: readonly string[];
    readonly later?: number;
  } = {},
) {
  const parsed = parseVerification(verification);
  if (typeof parsed === 'string') throw new Error(parsed);
  const request = { headers, body: Buffer.from(text), pathToken: null, ...change.request };
  return verify(parsed, request, change.secrets ?? [secret], (seconds + (change.later ?? 0)) * 1000);
}

describe.each(all.map((vector) => [vector.source, vector] as const))('%s', (_source, vector) => {
  test('the documented message is valid', () => {
    expect(check(vector)).toMatchObject({ isValid: true });
  });

  test('one changed byte of the body makes it invalid', () => {
    if (vector.verification === 'token')
      return expect(check(vector, { request: { body: Buffer.from('x') } }).isValid).toBe(true);
    const changed = Buffer.from(vector.body);
    changed[0] = (changed[0] ?? 0) ^ 1;
    return expect(check(vector, { request: { body: changed } })).toMatchObject({ isValid: false });
  });

  test('without its header, with another secret, or with a cut signature it is invalid', () => {
    expect(check(vector, { request: { headers: {} } })).toMatchObject({ isValid: false });
    expect(check(vector, { secrets: ['another-secret'] })).toMatchObject({ isValid: false });
    const cut = Object.fromEntries(Object.entries(vector.headers).map(([name, value]) => [name, value.slice(0, -2)]));
    expect(check(vector, { request: { headers: cut } })).toMatchObject({ isValid: false });
  });

  test('during a rotation both secrets are accepted', () => {
    expect(check(vector, { secrets: ['another-secret', vector.secret] })).toMatchObject({ isValid: true });
    expect(check(vector, { secrets: [vector.secret, 'another-secret'] })).toMatchObject({ isValid: true });
  });
});

describe.each(all.filter(hasTime).map((vector) => [vector.source, vector] as const))(
  'the time of %s',
  (_source, vector) => {
    test.each([-windowSeconds, windowSeconds])('a message that is %d seconds old is valid', (later) => {
      expect(check(vector, { later })).toMatchObject({ isValid: true });
    });

    test('an older one is refused, and so is one from the future', () => {
      const old = check(vector, { later: windowSeconds + 1 });
      expect(old).toEqual({
        isValid: false,
        reason: 'The message is 301 seconds old, and at most 300 seconds are accepted.',
      });
      expect(check(vector, { later: -windowSeconds - 1 })).toMatchObject({
        reason: expect.stringContaining('in the future'),
      });
    });

    test('a time that was changed, or is not a number, is refused', () => {
      for (const text of [String(vector.at + 1), 'yesterday', '', '1e9']) {
        const headers = Object.fromEntries(
          Object.entries(vector.headers).map(([name, value]) => [name, value.replace(String(vector.at), text)]),
        );
        expect(check(vector, { request: { headers } })).toMatchObject({ isValid: false });
      }
    });
  },
);

test('a token is accepted in the path, and a wrong one there is not replaced by the right one in the header', () => {
  const vector = described.find(({ verification }) => verification === 'token');
  if (vector === undefined) throw new Error('no vector');
  expect(check(vector, { request: { headers: {}, pathToken: vector.secret } })).toMatchObject({ isValid: true });
  expect(check(vector, { request: { pathToken: 'wrong' } })).toMatchObject({ isValid: false });
});

test('a signature that covers a time identifies the message, whatever its spelling', () => {
  const [standard] = published;
  if (standard === undefined) throw new Error('no vector');
  const { signature } = check(standard) as { readonly signature: string };
  const padded = { ...standard.headers, 'webhook-signature': `v1,AAAA ${standard.headers['webhook-signature']}` };
  expect(check(standard, { request: { headers: padded } })).toMatchObject({ signature });
});

test.each([
  '',
  'md5',
  'github ',
  'hmac-sha256',
  'hmac-sha256:',
  'hmac-sha256:X Sig',
  'hmac-sha256:X-Sig,encoding=base32',
  'hmac-sha256:X-Sig,encoding=hex,encoding=hex',
  'hmac-sha256:X-Sig,timestamp=not a header',
  'hmac-sha256:X-Sig,unknown=1',
  'hmac-sha256:X-Sig,prefix=',
])('the scheme %j is refused with what to write', (text) => {
  expect(parseVerification(text)).toMatch(/^write standard-webhooks, github, /);
});
