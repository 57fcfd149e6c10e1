import * as z from 'zod';

/** GitHub's response to a manifest conversion, available once. `webhook_secret` is null if the manifest has no webhook. */
const Conversion = z.object({
  id: z.int(),
  slug: z.string(),
  html_url: z.string(),
  pem: z.string(),
  webhook_secret: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
});

export interface CreatedApp {
  readonly id: number;
  readonly slug: string;
  /** The App's public page. */
  readonly page: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** With these people sign in by GitHub. */
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Converts a manifest's code into the App's credentials. @throws Error with a message for the user */
export async function convertManifest(apiUrl: string, code: string): Promise<CreatedApp> {
  const response = await fetch(`${apiUrl.replace(/\/+$/, '')}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: 'POST',
    headers: {
      accept: 'application/vnd.github+json',
      'user-agent': 'dispatcher',
      'x-github-api-version': '2022-11-28',
    },
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (response.status !== 201) {
    throw new Error(`GitHub returned no credentials for the code: ${response.status} ${text.slice(0, 300)}`);
  }
  const converted = Conversion.safeParse(JSON.parse(text));
  if (!converted.success) {
    throw new Error(
      'GitHub’s response lacks the App’s credentials. Generate a private key and set a webhook secret on its settings page.',
    );
  }
  const { id, slug, html_url: page, pem, webhook_secret: webhookSecret } = converted.data;
  const { client_id: clientId, client_secret: clientSecret } = converted.data;
  return { id, slug, page, privateKey: pem, webhookSecret, clientId, clientSecret };
}
