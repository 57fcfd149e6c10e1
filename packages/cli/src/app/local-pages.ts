import { appEvents, appPermissions, type OptionalFeature } from '@dispatcher/contracts';
import { levelName } from './permissions.ts';

/** Renders the page with the App's permissions and the form that posts its manifest to GitHub. */
export function registrationPage(options: {
  /** GitHub's URL for App manifests, with the state. */
  readonly action: string;
  readonly manifest: object;
  /** What the operator chose besides what every App needs. */
  readonly features: readonly OptionalFeature[];
  readonly storedIn: string;
}): string {
  const requested = [...appPermissions, ...options.features.flatMap((feature) => feature.permissions)];
  const rows = requested.map(
    ({ name, level, purpose, without }) =>
      `<tr><td>${escaped(name)}: ${levelName(level)}</td><td>${escaped(purpose)}</td><td>${escaped(without)}</td></tr>`,
  );
  const chosenEvents = [...appEvents, ...options.features.flatMap((feature) => feature.events)];
  const subscribed = chosenEvents.map(
    ({ name, without }) => `<li>${escaped(name)}. Without it: ${escaped(without)}</li>`,
  );
  return page(
    'Create the GitHub App',
    `<p>The next page is on GitHub: it asks for the App’s name and creates it with the settings below.
     Its credentials are then stored in ${escaped(options.storedIn)}.</p>
     <table><tr><th>permission</th><th>for</th><th>without it</th></tr>${rows.join('')}</table>
     <p>Events:</p><ul>${subscribed.join('')}</ul>
     <form method="post" action="${escaped(options.action)}">
     <input type="hidden" name="manifest" value="${escaped(JSON.stringify(options.manifest))}">
     <button>Continue to GitHub</button></form>`,
  );
}

export function createdPage(slug: string, installUrl: string, storedIn: string): string {
  return page(
    `${slug} was created`,
    `<p>Its credentials are stored in ${escaped(storedIn)}. You can close this page once the App is installed.</p>
     <p><a href="${escaped(installUrl)}">Install it on the source and the target repositories</a></p>`,
  );
}

export function failedPage(reason: string): string {
  return page('The App was not created', `<p>${escaped(reason)}</p>`);
}

function page(title: string, body: string): string {
  const style =
    'body{font:1rem/1.5 system-ui;max-width:50rem;margin:2rem auto}td,th{text-align:left;padding:.2rem .8rem}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style>
<h1>${escaped(title)}</h1>${body}</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
