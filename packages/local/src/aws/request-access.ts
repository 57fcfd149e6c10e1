import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.ts';

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Checks that a request was addressed to this machine and has the access key. Without the host check, a web page whose own
 * name resolves to this machine could send requests from the user's browser (DNS rebinding); without the access key, every
 * user of this machine could.
 * @param accessKeyId null: any, and none, is accepted
 * @throws AwsError
 */
export function checkAccess({ host = '', authorization = '' }: IncomingHttpHeaders, accessKeyId: string | null): void {
  if (!loopbackHosts.has(host.replace(/:\d+$/, '').toLowerCase())) {
    throw new AwsError('AccessDeniedException', 'Use the local AWS endpoint under 127.0.0.1 or localhost.');
  }
  const [, given = ''] = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\//.exec(authorization) ?? [];
  if (accessKeyId !== null && !isSameText(given, accessKeyId)) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The access key id is not that of this start. Load the variables of the running system: . .dispatcher/environment',
    );
  }
}

// Digests have the same length, so the time reveals neither the first difference nor the length of the texts.
function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
