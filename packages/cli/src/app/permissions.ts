/**
 * One permission of the App: the manifest, `app check`, the pages and docs/reference/permissions.md come from this
 * list.
 */
export interface NeededPermission {
  /** GitHub's key in a manifest and in its API. */
  readonly key: string;
  /** GitHub's name on the App's settings page. */
  readonly name: string;
  readonly level: 'read' | 'write';
  readonly purpose: string;
  /** What breaks without it. */
  readonly without: string;
}

export const permissions: readonly NeededPermission[] = [
  {
    key: 'metadata',
    name: 'Metadata',
    level: 'read',
    purpose: 'knowing repositories; GitHub gives it to every App',
    without: 'nothing works',
  },
  {
    key: 'contents',
    name: 'Contents',
    level: 'read',
    purpose: 'reading dispatching.yml and workflow files',
    without: 'every run ends as config-unreadable',
  },
  {
    key: 'actions',
    name: 'Actions',
    level: 'write',
    purpose: 'hearing of completed runs, starting workflows, finding the runs it started',
    without: 'no deliveries come; with read only, every dispatch fails as dispatch-forbidden',
  },
  {
    key: 'issues',
    name: 'Issues',
    level: 'write',
    purpose: 'telling a repository why its route started nothing, in one issue per route',
    without: 'nobody is told; the facts and the log still say it',
  },
];

/** What the operator may add on the App's settings page. No App is made with it, and `app check` asks for none. */
export const optIn: readonly NeededPermission[] = [
  {
    key: 'contents',
    name: 'Contents',
    level: 'write',
    purpose: 'sending a repository_dispatch for a key (POST /dispatch with an event_type)',
    without: 'such a request is refused as app-permission-missing; everything else works',
  },
];

/** The events the App subscribes to. */
export const events: readonly { readonly key: string; readonly name: string; readonly without: string }[] = [
  { key: 'workflow_run', name: 'Workflow run', without: 'no deliveries come, so nothing is ever started' },
];

/** `Read and write`, as GitHub's pages say it. */
export function levelName(level: NeededPermission['level']): string {
  return level === 'write' ? 'read and write' : 'read';
}

function row({ name, level, purpose, without }: NeededPermission): string {
  return `| ${name}: ${levelName(level)} | ${purpose} | ${without} |`;
}

/** docs/reference/permissions.md. */
export function permissionsPage(): string {
  const rows = permissions.map(row);
  const subscribed = events.map(({ name, key, without }) => `| ${name} (\`${key}\`) | ${without} |`);
  return `# What the App may do

Written from \`packages/cli/src/app/permissions.ts\`, from which \`dispatcher app create\` makes the manifest, and with which
\`dispatcher app check\` and \`dispatcher doctor\` compare the App.

Repository permissions:

| permission | for | without it |
| --- | --- | --- |
${rows.join('\n')}

Opt-in. No App is made with it; add it on the App's settings page if you want what it is for. Every owner of an installation
is then asked to accept it. It lets the App write every file of a repository, so a stolen private key is worth more:

| permission | for | without it |
| --- | --- | --- |
${optIn.map(row).join('\n')}

Events:

| event | without it |
| --- | --- |
${subscribed.join('\n')}

The App needs no organisation and no account permission. A token that Dispatcher mints is narrower than this: to read, or to
write to one repository with one permission.
`;
}
