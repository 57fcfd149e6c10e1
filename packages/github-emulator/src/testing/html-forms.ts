/** The forms of a page, read as a browser does: where each goes and what it sends. */
export interface Form {
  readonly action: string;
  readonly fields: Record<string, string>;
}

export function parseForms(html: string, base: string): Form[] {
  return [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
    ([, action = '', inside = '']) => ({
      action: new URL(text(action), base).href,
      fields: Object.fromEntries(
        [...inside.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
          text(name),
          text(value),
        ]),
      ),
    }),
  );
}

/** Sends a form and does not follow where the answer leads. */
export function submitForm({ action, fields }: Form): Promise<Response> {
  return fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

function text(escapeHtml: string): string {
  return escapeHtml.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
