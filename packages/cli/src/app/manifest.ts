import { appEvents, appPermissions, type OptionalFeature } from '@dispatcher/contracts';

/** GitHub's limit for the name of an App. */
export const maxNameLength = 34;

export interface ManifestOptions {
  readonly name: string;
  /** The App's home page. */
  readonly homepage: string;
  readonly webhookUrl: string;
  /** Where GitHub sends people who sign in with the App. */
  readonly callbackUrl: string;
  /** Where GitHub redirects the browser with the code. */
  readonly redirectUrl: string;
  /** What the operator chose besides what every App needs. */
  readonly features?: readonly OptionalFeature[];
}

/** Returns the manifest (GitHub's "Registering a GitHub App from a manifest"). */
export function manifestOf(options: ManifestOptions): object {
  const { name, homepage, webhookUrl, callbackUrl, redirectUrl, features = [] } = options;
  const requested = [...appPermissions, ...features.flatMap((feature) => feature.permissions)];
  const subscribed = [...appEvents, ...features.flatMap((feature) => feature.events)];
  return {
    name,
    url: homepage,
    hook_attributes: { url: webhookUrl, active: true },
    redirect_url: redirectUrl,
    callback_urls: [callbackUrl],
    // Anybody could install a public App, and its deliveries would arrive here.
    public: false,
    default_permissions: Object.fromEntries(requested.map(({ key, level }) => [key, level])),
    default_events: subscribed.map(({ key }) => key),
  };
}
