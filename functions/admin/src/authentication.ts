import { createHash, timingSafeEqual } from 'node:crypto';
import { createSecret, type StepLog } from '@dispatcher/lambda';
import type { FastifyRequest } from 'fastify';
import type { Configuration } from './configuration.ts';
import { Problem } from './problem.ts';

/** Lets a request through, or throws the problem it is refused with. */
export interface Authentication {
  readonly mode: 'disabled' | 'basic';
  authenticate(request: FastifyRequest): Promise<void>;
}

/** The authentication that the configuration chose. @throws ConfigurationError where its password is missing. */
export function authenticationOf(configuration: Configuration, log: StepLog): Authentication {
  const { ADMIN_BASIC_USER: user = '', ADMIN_BASIC_PASSWORD: value, ADMIN_BASIC_PASSWORD_ARN: arn } = configuration;
  if (configuration.ADMIN_AUTHENTICATION === 'basic') {
    return basicAuthentication(user, createSecret({ name: 'ADMIN_BASIC_PASSWORD', value, arn }));
  }
  log.warn('the admin API is open to everybody who can reach its address', { address: configuration.ADMIN_LISTENS_ON });
  return withoutAuthentication();
}

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * For a loopback address only. The host name is looked at, because a web page can make its own name point to this
 * machine and would then read the API with the operator's browser.
 */
export function withoutAuthentication(): Authentication {
  return {
    mode: 'disabled',
    authenticate: async ({ hostname }) => {
      if (!loopbackHosts.has(hostname)) throw new Problem(403, 'Open this API under localhost or 127.0.0.1.');
    },
  };
}

/** @param password is asked for at each request, so that a rotated secret needs no restart. */
export function basicAuthentication(user: string, password: () => Promise<string>): Authentication {
  return {
    mode: 'basic',
    authenticate: async ({ headers }) => {
      const expected = `${user}:${await password()}`;
      if (!sameText(credentialsOf(headers.authorization), expected)) {
        throw new Problem(401, 'This needs a user name and a password.', {
          'www-authenticate': 'Basic realm="Dispatcher", charset="UTF-8"',
        });
      }
    },
  };
}

function credentialsOf(header = ''): string {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(header) ?? [];
  return Buffer.from(encoded, 'base64').toString();
}

// Digests have one length whatever the texts', so neither where they differ nor how long they are shows in the time.
function sameText(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
