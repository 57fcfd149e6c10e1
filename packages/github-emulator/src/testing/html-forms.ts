/** A form of an HTML page: its target and its fields. */
export interface Form {
  readonly action: string;
  readonly fields: Record<string, string>;
}

export function parseForms(html: string, base: string): Form[] {
  return [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
    ([, action = '', inside = '']) => ({
      action: new URL(unescapeHtml(action), base).href,
      fields: Object.fromEntries(
        [...inside.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
          unescapeHtml(name),
          unescapeHtml(value),
        ]),
      ),
    }),
  );
}

/** Submits a form without following a redirect. */
export function submitForm({ action, fields }: Form): Promise<Response> {
  return fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

function unescapeHtml(escapeHtml: string): string {
  return escapeHtml.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
