// What the App needs at GitHub. The manifest, `app check`, the dashboard and docs/reference/permissions.md use these lists.

/** One permission of the App: of a repository, except `members`, which is of an organization. */
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

export const appPermissions: readonly NeededPermission[] = [
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

export const appFeatures: readonly OptionalFeature[] = [
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
  {
    name: 'teams',
    permissions: [
      {
        key: 'members',
        name: 'Members',
        level: 'read',
        purpose: 'reading who belongs to an organization or team, for a sign-in whose roles are `org:` or `team:`',
        without: 'roles at the sign-in can derive from repositories only (`repo:OWNER/NAME`)',
      },
    ],
    events: [],
  },
];

/** The events the App subscribes to. */
export const appEvents: readonly NeededEvent[] = [
  { key: 'workflow_run', name: 'Workflow run', without: 'no deliveries arrive, so no workflow is started' },
];
