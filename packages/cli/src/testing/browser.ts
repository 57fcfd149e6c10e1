/** An HTML form. */
export interface Form {
  readonly action: string;
  readonly fields: Record<string, string>;
}

export function formOf(html: string, base: string, at = 0): Form {
  const [, action = '', content = ''] =
    [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)][at] ?? [];
  if (action === '') throw new Error(`The page has no form: ${html}`);
  const inputs = [...content.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g)];
  const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [unescaped(name), unescaped(value)]));
  return { action: new URL(unescaped(action), base).href, fields };
}

/** Submits a form without following redirects. */
export function submit({ action, fields }: Form): Promise<Response> {
  return fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** Submits the local page's form, then GitHub's. Returns the URL that GitHub redirects to. */
export async function clickThrough(page: string): Promise<{ readonly redirect: string; readonly registration: Form }> {
  const registration = formOf(await (await fetch(page)).text(), page);
  const created = await submit(formOf(await (await submit(registration)).text(), registration.action));
  return { redirect: created.headers.get('location') ?? '', registration };
}
