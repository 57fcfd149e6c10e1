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
  WorkflowIcon,
} from '@primer/octicons-react';

interface NavigationItem {
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
    | '/settings';
  readonly title: string;
  readonly icon: Icon;
  /** The second key after `g`. */
  readonly key: string;
  /** Other paths that belong to this item. */
  readonly includes?: readonly string[];
}

export const navigation: readonly NavigationItem[] = [
  { to: '/', title: 'Overview', icon: HomeIcon, key: 'o' },
  { to: '/runs', title: 'Runs', icon: PlayIcon, key: 'r', includes: ['/deliveries'] },
  { to: '/dispatches', title: 'Dispatches', icon: RocketIcon, key: 'd' },
  { to: '/routes', title: 'Routes', icon: WorkflowIcon, key: 't', includes: ['/graph'] },
  { to: '/repositories', title: 'Repositories', icon: RepoIcon, key: 'p', includes: ['/installations'] },
  { to: '/dead-letters', title: 'Dead letters', icon: InboxIcon, key: 'l' },
  { to: '/try', title: 'Try it', icon: BeakerIcon, key: 'y' },
  { to: '/audit', title: 'Audit', icon: LogIcon, key: 'u' },
  { to: '/keys', title: 'Keys', icon: KeyIcon, key: 'k' },
  { to: '/schedules', title: 'Schedules', icon: ClockIcon, key: 'c' },
  { to: '/settings', title: 'Settings', icon: GearIcon, key: 's' },
];

const isUnder = (path: string, parent: string) => path === parent || path.startsWith(`${parent}/`);

/** Whether a path belongs to an item of the navigation. */
export function isCurrent({ to, includes = [] }: Pick<NavigationItem, 'to' | 'includes'>, path: string): boolean {
  if (to === '/') return path === '/';
  return [to, ...includes].some((parent) => isUnder(path, parent));
}
