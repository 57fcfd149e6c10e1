/** One permission of the App. The manifest, `app check`, the pages and docs/reference/permissions.md use these lists. */
export interface NeededPermission {
  /** GitHub's key in a manifest and in its API. */
  readonly key: string;
  /** GitHub's name on the App's settings page. */
  readonly name: string;
  readonly level: 'read' | 'write';
  readonly purpose: string;
  /** What fails without it. */
  readonly without: string;
}

export const permissions: readonly NeededPermission[] = [
  {
    key: 'metadata',
    name: 'Metadata',
    level: 'read',
    purpose: 'reading repository metadata; GitHub grants it to every App',
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
    purpose: 'receiving completed runs, starting workflows, finding the runs it started',
    without: 'no deliveries arrive; with read only, every dispatch fails as dispatch-forbidden',
  },
  {
    key: 'issues',
    name: 'Issues',
    level: 'write',
    purpose: 'reporting to a repository why its route started nothing, in one issue per route',
    without: 'no issue is opened; the facts and the log still record the reason',
  },
];

/** Permissions that the operator may add on the App's settings page. The manifest does not request them. */
export const optIn: readonly NeededPermission[] = [
  {
    key: 'contents',
    name: 'Contents',
    level: 'write',
    purpose: 'sending a repository_dispatch for an API key (POST /dispatch with an event_type)',
    without: 'such a request is denied as app-permission-missing; everything else works',
  },
];

/** The events the App subscribes to. */
export const events: readonly { readonly key: string; readonly name: string; readonly without: string }[] = [
  { key: 'workflow_run', name: 'Workflow run', without: 'no deliveries arrive, so no workflow is started' },
];

/** Returns the level as GitHub's settings page names it. */
export function levelName(level: NeededPermission['level']): string {
  return level === 'write' ? 'read and write' : 'read';
}

function row({ name, level, purpose, without }: NeededPermission): string {
  return `| ${name}: ${levelName(level)} | ${purpose} | ${without} |`;
}

/** Renders docs/reference/permissions.md. */
export function permissionsPage(): string {
  const rows = permissions.map(row);
  const subscribed = events.map(({ name, key, without }) => `| ${name} (\`${key}\`) | ${without} |`);
  return `# Permissions of the App

Generated from \`packages/cli/src/app/permissions.ts\`: \`dispatcher app create\` builds the manifest from it, and
\`dispatcher app check\` and \`dispatcher doctor\` compare the App with it.

Repository permissions:

| permission | purpose | without it |
| --- | --- | --- |
${rows.join('\n')}

Optional: the manifest does not request it. Add it on the App's settings page if you need its purpose; GitHub then asks every
installation's owner to accept it. It lets the App write every file of a repository, so a stolen private key does more harm:

| permission | purpose | without it |
| --- | --- | --- |
${optIn.map(row).join('\n')}

Events:

| event | without it |
| --- | --- |
${subscribed.join('\n')}

The App needs neither organization nor account permissions. The tokens that Dispatcher mints are narrower: read access, or write
access to one repository with one permission.
`;
}
