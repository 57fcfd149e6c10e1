// What prevented a request, in words: fetch itself says "fetch failed" only.

interface Cause {
  /** That of a DOMException is a number. */
  readonly code?: unknown;
  readonly name?: string;
  readonly message?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** Returns the first error of the chain of causes that has a code, or the innermost one. */
function causeOf(error: unknown): Cause {
  const current = (error ?? {}) as Cause;
  if (typeof current.code === 'string') return current;
  const next = current.cause ?? current.errors?.[0];
  return next === undefined || next === null ? current : causeOf(next);
}

const certificateCodes = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Returns why no response came from `url`, and what to do about it, as the end of a sentence. */
export function describeNetworkError(error: unknown, url: string, env: NodeJS.ProcessEnv = process.env): string {
  const { host, hostname } = new URL(url);
  const { code: found, name = '', message = '' } = causeOf(error);
  const code = typeof found === 'string' ? found : '';
  const reason = reasonOf(code, name, hostname, host) ?? (message || String(error));
  return `${reason}${code === '' ? '' : ` (${code})`}.${proxyHint(env)}`;
}

function reasonOf(code: string, name: string, hostname: string, host: string): string | null {
  if (code === 'ENOTFOUND') return `no DNS server knows the name ${hostname}`;
  if (code === 'EAI_AGAIN') return `the name ${hostname} could not be looked up: no DNS server answered`;
  if (code === 'ECONNREFUSED') return `${host} refused the connection: nothing listens there`;
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') return `${host} closed the connection`;
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return `this machine has no route to ${host}`;
  if (code === 'ETIMEDOUT' || code.endsWith('_TIMEOUT') || name === 'TimeoutError')
    return `${host} did not answer in time`;
  if (certificateCodes.has(code)) {
    return `this machine does not trust the TLS certificate of ${host}; if your company inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its certificate`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return `${host} answered with something other than TLS; check whether the URL should begin with http:// or has another port`;
  }
  return null;
}

/** Node ignores the proxy variables unless NODE_USE_ENV_PROXY is set. */
function proxyHint(env: NodeJS.ProcessEnv): string {
  const name = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((each) => env[each]);
  if (name === undefined || env['NODE_USE_ENV_PROXY']) return '';
  return ` ${name} is set, and Node uses it only with NODE_USE_ENV_PROXY=1.`;
}
