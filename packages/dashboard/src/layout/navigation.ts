import {
  BeakerIcon,
  ClockIcon,
  GearIcon,
  HomeIcon,
  type Icon,
  InboxIcon,
  KeyIcon,
  LogIcon,
  PlayIcon,
  RepoIcon,
  RocketIcon,
  WebhookIcon,
  WorkflowIcon,
} from '@primer/octicons-react';

export interface NavigationItem {
  readonly to:
    | '/'
    | '/runs'
    | '/dispatches'
    | '/routes'
    | '/repositories'
    | '/dead-letters'
    | '/try'
    | '/audit'
    | '/keys'
    | '/schedules'
    | '/webhooks'
    | '/settings';
  readonly title: string;
  readonly icon: Icon;
  /** The second key after `g`. */
  readonly key: string;
  /** Other paths that belong to this item. */
  readonly includes?: readonly string[];
  /** The page shows every repository, so the API refuses it to those who may see some only. */
  readonly showsAll?: true;
}

const pages: readonly NavigationItem[] = [
  { to: '/', title: 'Overview', icon: HomeIcon, key: 'o' },
  { to: '/runs', title: 'Runs', icon: PlayIcon, key: 'r', includes: ['/deliveries', '/activity', '/bulk-replays'] },
  { to: '/dispatches', title: 'Dispatches', icon: RocketIcon, key: 'd' },
  { to: '/routes', title: 'Routes', icon: WorkflowIcon, key: 't', includes: ['/graph'] },
  { to: '/repositories', title: 'Repositories', icon: RepoIcon, key: 'p', includes: ['/installations'] },
  { to: '/dead-letters', title: 'Dead letters', icon: InboxIcon, key: 'l', showsAll: true },
  { to: '/try', title: 'Try it', icon: BeakerIcon, key: 'y' },
  { to: '/audit', title: 'Audit', icon: LogIcon, key: 'u', showsAll: true },
  { to: '/keys', title: 'Keys', icon: KeyIcon, key: 'k', showsAll: true },
  { to: '/schedules', title: 'Schedules', icon: ClockIcon, key: 'c', showsAll: true },
  { to: '/webhooks', title: 'Webhooks', icon: WebhookIcon, key: 'w', showsAll: true },
  { to: '/settings', title: 'Settings', icon: GearIcon, key: 's', includes: ['/runbook'] },
];

/** Returns the pages that the person may open. @param seesAll whether the person sees every repository */
export const navigationOf = (seesAll: boolean): readonly NavigationItem[] =>
  seesAll ? pages : pages.filter(({ showsAll }) => showsAll !== true);

const isUnder = (path: string, parent: string) => path === parent || path.startsWith(`${parent}/`);

/** Whether a path belongs to an item of the navigation. */
export function isCurrent({ to, includes = [] }: Pick<NavigationItem, 'to' | 'includes'>, path: string): boolean {
  if (to === '/') return path === '/';
  return [to, ...includes].some((parent) => isUnder(path, parent));
}
