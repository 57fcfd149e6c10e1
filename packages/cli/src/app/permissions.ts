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

/** An event that the App subscribes to. */
export interface NeededEvent {
  readonly key: string;
  readonly name: string;
  readonly without: string;
}

/** What the operator may add: `app create --with NAME`, or the App's settings page. */
export interface OptionalFeature {
  readonly name: string;
  readonly permissions: readonly NeededPermission[];
  readonly events: readonly NeededEvent[];
}

export const features: readonly OptionalFeature[] = [
  {
    name: 'checks',
    permissions: [
      {
        key: 'checks',
        name: 'Checks',
        level: 'write',
        purpose:
          'showing on the commit of a source’s run what it started, and the checks that rules name. Two consequences: GitHub opens an empty, queued check suite for the App at every push, for which merge bots wait that wait for all suites; and people get “Re-run” buttons',
        without:
          'no check runs are written: commits have no summary, a `check:` of a rule stays “Expected”, and a changed dispatching.yml is not checked; everything else works',
      },
    ],
    events: [
      { key: 'check_run', name: 'Check run', without: '“Re-run” at a check of Dispatcher does nothing' },
      { key: 'check_suite', name: 'Check suite', without: '“Re-run all checks” does nothing for Dispatcher' },
    ],
  },
  {
    name: 'hints',
    permissions: [],
    events: [
      {
        key: 'push',
        name: 'Push',
        without:
          'changes of dispatching.yml are not checked before they are merged, and the index notices them only at its next sweep',
      },
      {
        key: 'repository',
        name: 'Repository',
        without: 'renamed, transferred and archived repositories are noticed only at the next sweep of the index',
      },
    ],
  },
  {
    name: 'forks',
    permissions: [
      {
        key: 'pull_requests',
        name: 'Pull requests',
        level: 'read',
        purpose: 'receiving pull requests from forks, to check the dispatching.yml that they propose (with `checks`)',
        without: 'pull requests from forks get no check of their dispatching.yml; everything else works',
      },
    ],
    events: [
      {
        key: 'pull_request',
        name: 'Pull request',
        without: 'pull requests from forks get no check of their dispatching.yml',
      },
    ],
  },
];

/** Permissions that the operator may add. The manifest requests those of a feature only with `--with`. */
export const optIn: readonly NeededPermission[] = [
  {
    key: 'contents',
    name: 'Contents',
    level: 'write',
    purpose: 'sending a repository_dispatch for an API key (POST /dispatch with an event_type)',
    without: 'such a request is denied as app-permission-missing; everything else works',
  },
  ...features.flatMap((feature) => feature.permissions),
];

/** The events the App subscribes to. */
export const events: readonly NeededEvent[] = [
  { key: 'workflow_run', name: 'Workflow run', without: 'no deliveries arrive, so no workflow is started' },
];

/** Events of the optional features. */
export const optInEvents: readonly NeededEvent[] = features.flatMap((feature) => feature.events);

/** Returns the level as GitHub's settings page names it. */
export function levelName(level: NeededPermission['level']): string {
  return level === 'write' ? 'read and write' : 'read';
}

function row({ name, level, purpose, without }: NeededPermission): string {
  return `| ${name}: ${levelName(level)} | ${purpose} | ${without} |`;
}

const eventRow = ({ name, key, without }: NeededEvent) => `| ${name} (\`${key}\`) | ${without} |`;

/** Renders docs/reference/permissions.md. */
export function permissionsPage(): string {
  const rows = permissions.map(row);
  return `# Permissions of the App

Generated from \`packages/cli/src/app/permissions.ts\`: \`dispatcher app create\` builds the manifest from it, and
\`dispatcher app check\` and \`dispatcher doctor\` compare the App with it.

Repository permissions:

| permission | purpose | without it |
| --- | --- | --- |
${rows.join('\n')}

Optional: the manifest requests them only with \`dispatcher app create --with NAME\` (${features.map(({ name }) => name).join(', ')}). For an
existing App, add them on the App's settings page if you need their purpose; GitHub then asks every installation's owner to accept
them. \`contents: write\` lets the App write every file of a repository, so a stolen private key does more harm:

| permission | purpose | without it |
| --- | --- | --- |
${optIn.map(row).join('\n')}

Events:

| event | without it |
| --- | --- |
${events.map(eventRow).join('\n')}

Optional events:

| event | without it |
| --- | --- |
${optInEvents.map(eventRow).join('\n')}

The App needs neither organization nor account permissions. The tokens that Dispatcher mints are narrower: read access, or write
access to one repository with one permission.
`;
}
