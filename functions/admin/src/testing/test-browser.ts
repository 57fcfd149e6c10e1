import type { FastifyInstance } from 'fastify';

export interface BrowserResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly location: string | null;
}

/** Sends requests as a browser does: with its cookies, with `Origin`, and without following redirects. */
export interface TestBrowser {
  readonly cookies: Map<string, string>;
  /** The attributes of the newest `set-cookie` of each name. */
  readonly setCookies: Map<string, string>;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<BrowserResponse>;
  submitForm(
    url: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<BrowserResponse>;
  /** Sends JSON from a page, as the dashboard does. */
  postJson(url: string, body: object, headers?: Readonly<Record<string, string>>): Promise<BrowserResponse>;
}

/** @param origin of the site, as in the address bar */
export function createTestBrowser(app: FastifyInstance, origin: string): TestBrowser {
  const cookies = new Map<string, string>();
  const setCookies = new Map<string, string>();
  const { host } = new URL(origin);
  const send = async (
    method: 'GET' | 'POST',
    url: string,
    headers: Readonly<Record<string, string>>,
    payload?: string,
  ): Promise<BrowserResponse> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await app.inject({
      method,
      url,
      headers: { host, ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      setCookies.set(name, line);
      if (/; Max-Age=0(;|$)/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const { statusCode: status, body, headers: received } = response;
    return { status, headers: received, body, location: received.location ?? null };
  };
  return {
    cookies,
    setCookies,
    get: (url, headers = {}) => send('GET', url, headers),
    submitForm: (url, fields, headers = {}) =>
      send(
        'POST',
        url,
        { origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        new URLSearchParams(fields).toString(),
      ),
    postJson: (url, body, headers = {}) =>
      send(
        'POST',
        url,
        { origin, 'content-type': 'application/json', 'x-requested-with': 'fetch', ...headers },
        JSON.stringify(body),
      ),
  };
}
