// What the App may do at GitHub, by what it is for: from what the last sweep read of each installation.
import {
  appEvents,
  appFeatures,
  appPermissions,
  type NeededEvent,
  type NeededPermission,
  type OptionalFeature,
} from '@dispatcher/contracts';
import type { Schemas } from '../api/schemas.ts';
import type { State } from './states.ts';

type Sweep = Schemas['SweepProgress'];
type Access = NonNullable<Sweep['access']>;
type Grant = Access['granted'];

export interface FeatureAccess {
  readonly name: string;
  /** Permissions and events: `checks: write, check_run`. */
  readonly needs: string;
  readonly state: State;
  /** What does not work; empty if everything is granted. */
  readonly without: readonly string[];
  /** What to do next; null if there is nothing to do. */
  readonly next: string | null;
}

const required: OptionalFeature = { name: 'runs and dispatches', permissions: appPermissions, events: appEvents };

const levels: readonly (string | undefined)[] = [undefined, 'read', 'write', 'admin'];

const lacks = (grant: Grant, { key, level }: NeededPermission) =>
  levels.indexOf(grant.permissions[key]) < levels.indexOf(level);

interface Missing {
  readonly permissions: readonly NeededPermission[];
  readonly events: readonly NeededEvent[];
}

const missingIn = (grant: Grant, { permissions, events }: OptionalFeature): Missing => ({
  permissions: permissions.filter((needed) => lacks(grant, needed)),
  events: events.filter(({ key }) => !grant.events.includes(key)),
});

const isNothing = ({ permissions, events }: Missing) => permissions.length + events.length === 0;

const textOf = ({ permissions, events }: Missing) =>
  [...permissions.map(({ key, level }) => `${key}: ${level}`), ...events.map(({ key }) => key)].join(', ');

/** What does not work. Without a permission its events do not arrive either. */
const costOf = ({ permissions, events }: Missing) => [
  ...new Set((permissions.length > 0 ? permissions : events).map(({ without }) => without)),
];

interface Known {
  readonly account: string;
  readonly access: Access;
}

const knownIn = (sweeps: readonly Sweep[]): readonly Known[] =>
  sweeps.flatMap(({ account, access }) => (account === null || access === undefined ? [] : [{ account, access }]));

function accessTo(feature: OptionalFeature, known: readonly Known[]): FeatureAccess {
  const { name } = feature;
  const needs = textOf(feature);
  const row = { name, needs };
  // The registration is the same, whichever installation it was read with; the newest is the last.
  const [first] = known;
  const unrequested =
    first === undefined
      ? missingIn({ permissions: {}, events: [] }, feature)
      : missingIn(first.access.requested, feature);
  if (!isNothing(unrequested)) {
    const isRequired = feature === required;
    return {
      ...row,
      state: isRequired
        ? { icon: 'failed', tone: 'danger', word: 'Missing' }
        : { icon: 'dot', tone: 'quiet', word: 'Off' },
      without: costOf(unrequested),
      next: `${isRequired ? 'Add' : 'If you want it, add'} ${textOf(unrequested)} on the App’s settings page at GitHub.`,
    };
  }
  const pending = known
    .map(({ account, access }) => ({ account, missing: missingIn(access.granted, feature) }))
    .filter(({ missing }) => !isNothing(missing));
  if (pending.length === 0) {
    return { ...row, state: { icon: 'check', tone: 'success', word: 'Granted' }, without: [], next: null };
  }
  return {
    ...row,
    state: { icon: 'clock', tone: 'attention', word: 'Pending' },
    without: [...new Set(pending.flatMap(({ missing }) => costOf(missing)))],
    next: `The owner of ${pending.map(({ account }) => account).join(', ')} accepts it in the installation’s settings at GitHub.`,
  };
}

/** Returns what the App's registration requests and the owner of the installation has not accepted yet: `checks: write`. */
export function pendingPermissions({ granted, requested }: Access): readonly string[] {
  const wanted = Object.entries(requested.permissions).map(([key, level]) => ({ key, level, without: '' }));
  const permissions = wanted
    .filter((needed) => lacks(granted, needed as NeededPermission))
    .map(({ key, level }) => `${key}: ${level}`);
  return [...permissions, ...requested.events.filter((event) => !granted.events.includes(event))];
}

/** Returns the App as it is registered, by what the newest sweep read; null before the first one. */
export function registeredApp(sweeps: readonly Sweep[]): NonNullable<Access['app']> | null {
  const newest = sweeps.toSorted((one, other) => (one.seenAt < other.seenAt ? 1 : -1));
  return newest.find(({ access }) => access?.app !== undefined)?.access?.app ?? null;
}

/** Returns what the App needs for everything, and for each optional feature; null before the first sweep. */
export function featureAccess(sweeps: readonly Sweep[]): readonly FeatureAccess[] | null {
  const known = knownIn(sweeps);
  return known.length === 0 ? null : [required, ...appFeatures].map((feature) => accessTo(feature, known));
}
