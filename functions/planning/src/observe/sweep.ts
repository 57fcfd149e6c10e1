import { foldName, policyRepository } from '@dispatcher/contracts';
import {
  GitHubError,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubUnreachableError,
  type Inventory,
  type RepositoryReader,
} from '@dispatcher/github';
import type { Meter, StepLog } from '@dispatcher/lambda';
import {
  memberBuckets,
  type ObservationStore,
  type Sweep,
  type SweepProgressStore,
  type SweepStore,
  type SweptInstallation,
} from '@dispatcher/store';
import type { ConfigObserver } from './config-observer.ts';

export interface SweepDependencies {
  readonly sweeps: SweepStore;
  readonly observations: Pick<ObservationStore, 'getObservation' | 'getMembers' | 'getInstallations'>;
  readonly configs: Pick<ConfigObserver, 'observe' | 'observeGone'>;
  readonly inventory: Inventory;
  /** Creates a reader that reads {@link repositoriesPerRequest} with each GraphQL request. */
  readonly createReader: (onRequest: () => void) => Pick<RepositoryReader, 'readSource'>;
  /** Returns the GraphQL points that GitHub allows the installation an hour, as far as it is known. */
  readonly pointLimitOf: (installationId: number) => number;
  readonly progress: SweepProgressStore;
  readonly meter: Meter;
  readonly log: StepLog;
  readonly now: () => number;
}

export const repositoriesPerRequest = 25;
/** The share of an installation’s GraphQL points that the sweep uses in any hour is at most 5 %, one burst included. */
const share = 0.049;
const hourMs = 60 * 60_000;
export const intervalMs = 6 * hourMs;
const maxAttempts = 3;
const maxFailures = 3;
/** Less than the minute between two ticks, so that the next one repeats a step that failed. */
const retryMs = 30_000;
const maxPauseMs = 15 * 60_000;

type Next = Omit<Sweep, 'version'>;

/**
 * Continues the sweep for as long as there is time and budget. It reads what every repository of every installation says, and
 * finds the repositories to which the App has no access any more: GitHub sends nothing about those. Its progress is stored after
 * each step, so a crash repeats one step, which changes nothing. Of two processes, one continues.
 * @param hasTime returns false if too little time is left for another step
 */
export async function sweepRepositories(deps: SweepDependencies, hasTime: () => boolean): Promise<void> {
  let stored = await deps.sweeps.getSweep();
  while (hasTime()) {
    const before = stored ?? firstSweep(deps.now());
    const next = await nextOf(deps, before);
    if (next === null || !(await deps.sweeps.putSweep(next, stored))) return;
    stored = { ...next, version: (stored?.version ?? 0) + 1 };
    if (next.current !== null) await deps.progress.setProgress(progressOf(next.current, false, deps.now()));
  }
}

function firstSweep(now: number): Next {
  const nothing = {
    startedAt: null,
    isFull: false,
    requested: [],
    notBefore: null,
    current: null,
    waiting: [],
    points: {},
  };
  return { nextAt: new Date(now).toISOString(), ...nothing };
}

/** Has the sweep look at an installation at once. @returns false if other processes changed the sweep at every try */
export async function requestSweep(
  { sweeps, now }: Pick<SweepDependencies, 'sweeps' | 'now'>,
  installationId: number,
): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) {
    const stored = await sweeps.getSweep();
    const before = stored ?? firstSweep(now());
    if (before.requested.includes(installationId)) return true;
    if (await sweeps.putSweep({ ...before, requested: [...before.requested, installationId] }, stored)) return true;
  }
  return false;
}

/** Takes one step; null if there is nothing to do now. */
async function nextOf(deps: SweepDependencies, sweep: Next): Promise<Next | null> {
  if (isLimited(sweep, deps.now())) return null;
  try {
    if (sweep.startedAt === null) return await start(deps, sweep);
    if (sweep.current === null) return startInstallation(sweep, deps.now());
    const current = { ...sweep.current, failures: 0 };
    if (current.phase === 'list') return { ...sweep, current: await listPage(deps, current) };
    if (current.phase === 'read') return await readPage(deps, sweep, current);
    await compare(deps, current);
    return { ...sweep, putAside: 0, current: null };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    deps.log.warn('the sweep could not read from GitHub', { installationId: sweep.current?.installationId, error });
    deps.meter.count('SweepsCutShort', { kind: error.kind });
    if (error instanceof GitHubRateLimitedError) {
      return { ...sweep, notBefore: new Date(deps.now() + error.retryAfterMs).toISOString() };
    }
    if (sweep.current === null) return null;
    // The App was uninstalled or suspended since the installations were listed: the next sweep knows.
    if (error instanceof GitHubPermanentError) return { ...sweep, current: null };
    return repeatLater(deps, sweep, sweep.current);
  }
}

/**
 * Repeats the step in the next tick. After three failures in sequence the installation is put aside if another one waits, and
 * is requested: a sweep of it begins once this one has ended. So an outage of GitHub skips none. Its list is then read again,
 * so the pause before that sweep doubles, up to 15 minutes, until an installation was swept to its end.
 */
function repeatLater({ log, now }: SweepDependencies, sweep: Next, current: SweptInstallation): Next {
  const { installationId, failures: earlier = 0 } = current;
  const failures = earlier + 1;
  const { putAside = 0, requested, waiting } = sweep;
  const isDue = dueAt(sweep) <= now();
  const isAwaited = waiting.length > 0 || requested.some((id) => id !== installationId) || isDue;
  const isPutAside = failures >= maxFailures && isAwaited;
  // Those that wait in this sweep follow at once.
  const pauseMs = isPutAside && waiting.length === 0 ? Math.min(maxPauseMs, retryMs * 2 ** putAside) : retryMs;
  const notBefore = new Date(now() + pauseMs).toISOString();
  if (!isPutAside) return { ...sweep, notBefore, current: { ...current, failures } };
  log.warn('the sweep puts an installation aside, and begins it again after the others', { installationId, failures });
  return {
    ...sweep,
    notBefore,
    requested: [...new Set([...requested, installationId])],
    putAside: putAside + 1,
    current: null,
  };
}

/** When the next sweep of every installation is due, in milliseconds since the epoch. */
const dueAt = ({ isFull, startedAt, nextAt }: Next): number =>
  isFull && startedAt !== null ? Date.parse(startedAt) + intervalMs : Date.parse(nextAt);

const isLimited = ({ notBefore }: Next, now: number): boolean => notBefore !== null && Date.parse(notBefore) > now;

async function start({ inventory, observations, now }: SweepDependencies, sweep: Next): Promise<Next | null> {
  const isFull = Date.parse(sweep.nextAt) <= now();
  if (!isFull && sweep.requested.length === 0) return null;
  const startedAt = new Date(now()).toISOString();
  const installed = new Map<number, Next['waiting'][number]>();
  for (let page = 1, isLast = false; !isLast; page += 1) {
    const found = await inventory.installations(page);
    for (const { suspendedAt, ...installation } of found.installations) {
      const account = installation.account ?? '';
      const suspension = suspendedAt === null ? {} : { suspendedAt };
      installed.set(installation.installationId, { ...installation, account, ...suspension });
    }
    ({ isLast } = found);
  }
  const known = await observations.getInstallations();
  const uninstalled = known.filter((installationId) => !installed.has(installationId));
  const ids = isFull ? [...installed.keys(), ...uninstalled] : sweep.requested;
  const waiting = ids.map((installationId) => installed.get(installationId) ?? { installationId, account: null });
  return { ...sweep, startedAt, isFull, requested: [], notBefore: null, waiting };
}

/** The App has no access to the repositories of an installation that was removed or suspended: all of them are gone. */
const isUnreadable = ({ account, suspendedAt }: Next['waiting'][number]): boolean =>
  account === null || suspendedAt !== undefined;

function startInstallation(sweep: Next, now: number): Next {
  const [first, ...waiting] = sweep.waiting;
  if (first === undefined) return { ...sweep, startedAt: null, nextAt: new Date(dueAt(sweep)).toISOString() };
  const isGone = isUnreadable(first);
  const none = { pages: 0, listed: 0, attempts: 1, nextPage: 0, read: 0, unread: 0, changed: 0, gone: 0 };
  const current: SweptInstallation = {
    ...first,
    ...none,
    startedAt: new Date(now).toISOString(),
    phase: isGone ? 'compare' : 'list',
    isComplete: isGone,
    restRequests: 0,
    graphqlRequests: 0,
  };
  return { ...sweep, waiting, current };
}

async function listPage(deps: SweepDependencies, current: SweptInstallation): Promise<SweptInstallation> {
  const { installationId, pages, listed } = current;
  if (current.access === undefined) return readAccess(deps, current);
  const { repositories, total, isLast } = await deps.inventory.repositories(installationId, pages + 1);
  await deps.sweeps.putPage(installationId, pages, repositories);
  const next = {
    ...current,
    pages: pages + 1,
    listed: listed + repositories.length,
    restRequests: current.restRequests + 1,
    access: {
      ...current.access,
      seesPolicy: current.access.seesPolicy || repositories.some(({ name }) => foldName(name) === policyRepository),
    },
  };
  if (!isLast) return next;
  const isComplete = (await listedIds(deps, next)).size === total;
  // The list changed while it was read, and a repository may have moved to a page that was read before.
  if (!isComplete && current.attempts < maxAttempts)
    return { ...next, pages: 0, listed: 0, attempts: current.attempts + 1 };
  return { ...next, isComplete, phase: 'read' };
}

async function readAccess({ inventory }: SweepDependencies, current: SweptInstallation): Promise<SweptInstallation> {
  const access = await inventory.access(current.installationId);
  const seesPolicy = access.selection === 'all';
  return { ...current, access: { ...access, seesPolicy }, restRequests: current.restRequests + 2 };
}

async function listedIds({ sweeps }: SweepDependencies, { installationId, pages }: SweptInstallation) {
  const ids = new Set<number>();
  for (let page = 0; page < pages; page += 1) {
    for (const { id } of await sweeps.getPage(installationId, page)) ids.add(id);
  }
  return ids;
}

async function readPage(deps: SweepDependencies, sweep: Next, current: SweptInstallation): Promise<Next | null> {
  const { installationId, nextPage, pages } = current;
  if (nextPage >= pages) return { ...sweep, current: { ...current, phase: 'compare' } };
  const listed = await deps.sweeps.getPage(installationId, nextPage);
  const cost = Math.ceil(listed.length / repositoriesPerRequest);
  const left = pointsLeft(deps, sweep, installationId);
  if (left < cost) return null;
  // The page failed in the tick before. In an outage this request fails as well; else the reads of this page always fail.
  const isRepeated = (sweep.current?.failures ?? 0) > 0;
  if (isRepeated) await deps.inventory.repositories(installationId, 1);
  let requests = 0;
  const reader = deps.createReader(() => (requests += 1));
  const snapshots = await Promise.all(
    listed.map(({ owner, name }) => reader.readSource({ installationId, owner, name, head: null })),
  );
  const outages = snapshots.flatMap((snapshot) =>
    snapshot.state === 'unknown' && snapshot.unreachable !== undefined ? [snapshot.reason] : [],
  );
  const [outage] = outages;
  if (outage !== undefined && outages.length === listed.length && !isRepeated)
    throw new GitHubUnreachableError(outage, null);
  // A name can pass on to another repository after the list was read.
  const own = snapshots.filter((snapshot, at) => snapshot.state === 'read' && snapshot.id === listed[at]?.id);
  const changed = await deps.configs.observe(own, 'sweep');
  const at = new Date(deps.now()).toISOString();
  return {
    ...sweep,
    points: { ...sweep.points, [installationId]: { left: left - requests, at } },
    current: {
      ...current,
      nextPage: nextPage + 1,
      read: current.read + own.length,
      unread: current.unread + listed.length - own.length,
      changed: current.changed + changed,
      restRequests: current.restRequests + (isRepeated ? 1 : 0),
      graphqlRequests: current.graphqlRequests + requests,
    },
  };
}

/** A request costs one point. Points accrue evenly over the hour, and at most those of a minute, or of one page. */
function pointsLeft({ pointLimitOf, now }: SweepDependencies, { points }: Next, installationId: number): number {
  const perHour = share * pointLimitOf(installationId);
  const most = Math.max(100 / repositoriesPerRequest, perHour / 60);
  const known = points[String(installationId)];
  if (known === undefined) return most;
  return Math.min(most, known.left + (perHour * Math.max(0, now() - Date.parse(known.at))) / hourMs);
}

/** Finds the repositories of an installation that are not listed any more. */
async function compare(deps: SweepDependencies, current: SweptInstallation): Promise<void> {
  const { installationId, isComplete, startedAt } = current;
  let gone = 0;
  if (isComplete) {
    const listed = isUnreadable(current) ? new Set<number>() : await listedIds(deps, current);
    for (let bucket = 0; bucket < memberBuckets; bucket += 1) {
      const members = await deps.observations.getMembers(installationId, bucket);
      for (const id of members.filter((member) => !listed.has(member))) {
        const known = await deps.observations.getObservation(id);
        // One that was observed since may have been added after the list was read.
        if (known === null || known.observedAt >= startedAt) continue;
        if (await deps.configs.observeGone(id, installationId)) gone += 1;
      }
    }
  }
  const { listed: repositories, read, unread, changed, restRequests, graphqlRequests } = current;
  const numbers = { repositories, read, unread, changed, gone, restRequests, graphqlRequests };
  deps.log.info('installation swept', { installationId, ...numbers });
  await deps.progress.setProgress(progressOf({ ...current, gone }, true, deps.now()));
}

function progressOf(current: SweptInstallation, isDone: boolean, now: number) {
  const { installationId, account, startedAt, listed, read, unread, changed, gone, restRequests, graphqlRequests } =
    current;
  const { suspendedAt, settingsUrl, access } = current;
  const state = isDone ? ('done' as const) : ('running' as const);
  const numbers = { repositories: listed, read, unread, changed, gone, restRequests, graphqlRequests };
  return {
    installationId,
    account,
    ...(suspendedAt === undefined ? {} : { suspendedAt }),
    ...(settingsUrl === undefined ? {} : { settingsUrl }),
    state,
    startedAt,
    seenAt: new Date(now).toISOString(),
    ...numbers,
    ...(access === undefined ? {} : { access }),
  };
}
