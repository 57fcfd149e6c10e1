import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../common/api-error.ts';

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];
const everyInterface = new Set(['0.0.0.0', '::']);

/**
 * Refuses requests under another host name than the emulator's. Otherwise a web page whose own name resolves to this machine
 * could use the emulator through the user's browser (DNS rebinding). On all network interfaces, the names are not known.
 */
export function addHostCheck(app: FastifyInstance, host: string): void {
  if (everyInterface.has(host)) return;
  const allowed = new Set([...loopbackHosts, host.toLowerCase()]);
  app.addHook('onRequest', async ({ hostname }, reply) => {
    if (allowed.has(hostname.toLowerCase())) return;
    const message = `The emulator is not served under the host name ${hostname}. Use ${loopbackHosts.join(' or ')}.`;
    // Past the other hooks: they record and answer requests to the emulated GitHub, and this is none.
    reply.hijack();
    reply.raw.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
  });
}

/** Refuses control calls without the token: other users of this machine reach the port, too. */
export function addTokenCheck(control: FastifyInstance, token: string): void {
  const expected = digest(`Bearer ${token}`);
  control.addHook('onRequest', async (request, reply) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return;
    reply.header('www-authenticate', 'Bearer');
    throw new ApiError(
      401,
      'The control API needs the header `authorization: Bearer TOKEN` with the token of this start.',
    );
  });
}

// Digests have the same length, so the time reveals neither the first difference nor the length of the texts.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
