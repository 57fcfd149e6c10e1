import { events, levelName, permissions } from './permissions.ts';

/** The page with the first of the two clicks: what the App may do, and the form that takes its manifest to GitHub. */
export function setUpPage(options: {
  /** Where GitHub makes Apps of manifests, with the state in it. */
  readonly action: string;
  readonly manifest: object;
  readonly keptIn: string;
}): string {
  const rows = permissions.map(
    ({ name, level, purpose, without }) =>
      `<tr><td>${escaped(name)}: ${levelName(level)}</td><td>${escaped(purpose)}</td><td>${escaped(without)}</td></tr>`,
  );
  const subscribed = events.map(({ name, without }) => `<li>${escaped(name)}: without it, ${escaped(without)}</li>`);
  return page(
    'Create the GitHub App',
    `<p>The next page is GitHub’s. It asks for the App’s name and makes it with what stands here.
     Its credentials then go to ${escaped(options.keptIn)}.</p>
     <table><tr><th>permission</th><th>for</th><th>without it</th></tr>${rows.join('')}</table>
     <p>Events:</p><ul>${subscribed.join('')}</ul>
     <form method="post" action="${escaped(options.action)}">
     <input type="hidden" name="manifest" value="${escaped(JSON.stringify(options.manifest))}">
     <button>Go on to GitHub</button></form>`,
  );
}

export function createdPage(slug: string, installUrl: string, keptIn: string): string {
  return page(
    `${slug} is made`,
    `<p>Its credentials are in ${escaped(keptIn)}. You can close this page once the App is installed.</p>
     <p><a href="${escaped(installUrl)}">Install it on the source and the target repositories</a></p>`,
  );
}

export function failedPage(reason: string): string {
  return page('This did not work', `<p>${escaped(reason)}</p>`);
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
