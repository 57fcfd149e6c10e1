import { expect, test } from '@jest/globals';
import { describeNetworkError } from './network-error.ts';

function failure(code: string, message = 'x'): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}
const url = 'https://ghe.example:8443/api/v3/app';

test.each([
  ['ENOTFOUND', /^no DNS server knows the name ghe\.example \(ENOTFOUND\)\.$/],
  ['EAI_AGAIN', 'the name ghe.example could not be looked up'],
  ['ECONNREFUSED', 'ghe.example:8443 refused the connection'],
  ['ECONNRESET', 'ghe.example:8443 closed the connection'],
  ['EHOSTUNREACH', 'no route to ghe.example:8443'],
  ['UND_ERR_CONNECT_TIMEOUT', 'ghe.example:8443 did not answer in time'],
  ['SELF_SIGNED_CERT_IN_CHAIN', /does not trust the TLS certificate of ghe\.example:8443; .*NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', 'does not trust the TLS certificate'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'something other than TLS'],
  ['EWHATEVER', /^x \(EWHATEVER\)\.$/],
])('%s is named with the address', (code, text) => {
  expect(describeNetworkError(failure(code), url, {})).toMatch(text);
});

test('of several addresses that were tried the first one counts', () => {
  const cause = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
  expect(describeNetworkError(new TypeError('fetch failed', { cause }), url, {})).toContain('(ECONNREFUSED)');
});

test('a timeout without a code is named', () => {
  expect(describeNetworkError(new DOMException('aborted', 'TimeoutError'), url, {})).toMatch(
    /did not answer in time\.$/,
  );
});

test('a proxy variable that Node ignores is mentioned', () => {
  const hint = 'HTTPS_PROXY is set, and Node uses it only with NODE_USE_ENV_PROXY=1.';
  expect(describeNetworkError(failure('ENOTFOUND'), url, { HTTPS_PROXY: 'http://proxy' })).toContain(hint);
  const env = { HTTPS_PROXY: 'http://proxy', NODE_USE_ENV_PROXY: '1' };
  expect(describeNetworkError(failure('ENOTFOUND'), url, env)).not.toContain('HTTPS_PROXY');
});
