import { events, permissions } from './permissions.ts';

/** GitHub's longest name of an App. */
export const nameLength = 34;

export interface ManifestOptions {
  readonly name: string;
  /** The App's home page. */
  readonly homepage: string;
  readonly webhookUrl: string;
  /** Where GitHub sends the browser back to, with the code. */
  readonly redirectUrl: string;
}

/** A manifest as GitHub takes it (GitHub's "Registering a GitHub App from a manifest"). */
export function manifestOf({ name, homepage, webhookUrl, redirectUrl }: ManifestOptions): object {
  return {
    name,
    url: homepage,
    hook_attributes: { url: webhookUrl, active: true },
    redirect_url: redirectUrl,
    // Anybody may install a public App, and would send deliveries here.
    public: false,
    default_permissions: Object.fromEntries(permissions.map(({ key, level }) => [key, level])),
    default_events: events.map(({ key }) => key),
  };
}
