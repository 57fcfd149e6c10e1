import type { FastifyRequest } from 'fastify';

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** The address under which browsers reach this API. */
export interface SiteAddress {
  /** Scheme, host and port, as a browser sends it in `Origin`. */
  readonly origin: string;
  /** Whether it is https. Over http, which only loopback hosts use, browsers do not keep `Secure` cookies reliably. */
  readonly secure: boolean;
}

/**
 * Returns the address of this API as the browser of the request sees it: `PUBLIC_URL`, or else the request's own host. Lambda
 * sees neither the scheme nor the host of a proxy in front of the API, so a host that is not loopback means https.
 */
export function siteAddressOf({ host, hostname }: Pick<FastifyRequest, 'host' | 'hostname'>, publicUrl: string | null) {
  const { origin } =
    publicUrl === null ? new URL(`${loopbackHosts.has(hostname) ? 'http' : 'https'}://${host}`) : new URL(publicUrl);
  return { origin, secure: origin.startsWith('https:') } satisfies SiteAddress;
}

/** Returns whether a page of this site sent the request. Browsers send `Origin` with every request that is not a GET. */
export function isFromOwnPage(request: FastifyRequest, publicUrl: string | null): boolean {
  return request.headers.origin === siteAddressOf(request, publicUrl).origin;
}
