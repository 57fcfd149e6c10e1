/** The form of a page, as a browser reads it. */
export interface Form {
  readonly action: string;
  readonly fields: Record<string, string>;
}

export function formOf(html: string, base: string, at = 0): Form {
  const [, action = '', inside = ''] =
    [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)][at] ?? [];
  if (action === '') throw new Error(`The page has no form: ${html}`);
  const inputs = [...inside.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g)];
  const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [unescaped(name), unescaped(value)]));
  return { action: new URL(unescaped(action), base).href, fields };
}

/** Sends a form and does not follow where the answer leads. */
export function submit({ action, fields }: Form): Promise<Response> {
  return fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The two clicks: from the local page to GitHub's, and from there to where it leads back. */
export async function clickThrough(page: string): Promise<{ readonly back: string; readonly asked: Form }> {
  const asked = formOf(await (await fetch(page)).text(), page);
  const agreed = await submit(formOf(await (await submit(asked)).text(), asked.action));
  return { back: agreed.headers.get('location') ?? '', asked };
}
