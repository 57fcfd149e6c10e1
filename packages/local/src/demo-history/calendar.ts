import type { Random } from '../demo-organization/random.ts';
import { dataRepositories, libraries, ownerOf, services } from '../demo-organization/demo-routes.ts';

/** A run that somebody or a schedule started; what it starts follows from the rules. */
export interface RootRun {
  /** When it completed, in milliseconds since the epoch. */
  readonly at: number;
  readonly repository: string;
  readonly workflow: string;
  readonly event: string;
  /** A branch, or a tag of a release. */
  readonly ref: string;
  readonly isTag: boolean;
  readonly conclusion: string;
  readonly actor: string;
  readonly durationMs: number;
  readonly attempt?: number;
  readonly fork?: boolean;
  /** The number of the pull request, which GitHub names unless its branch is of a fork. */
  readonly pullRequest?: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const people = ['octocat', 'mona', 'hubot', 'monalisa', 'codertocat'] as const;

/** Runs of CI: services most, libraries and data less, the rest now and then. */
const weights: readonly (readonly [names: readonly string[], weight: number])[] = [
  [services, 5],
  [dataRepositories, 1],
  [libraries, 1],
  [['integration-tests', 'load-tests', 'mobile-app', 'website', 'docs', 'carriers', 'infrastructure', 'reviews'], 1],
  [['event-schemas'], 2],
];

/** Returns how busy an hour of the day is: people work from 7 to 18 o'clock (UTC), and little at the weekend. */
function activityAt(time: number): number {
  const date = new Date(time);
  const isWeekend = [0, 6].includes(date.getUTCDay());
  const hour = date.getUTCHours();
  const ofHour = hour >= 7 && hour <= 18 ? 1 : hour >= 5 && hour <= 21 ? 0.35 : 0.08;
  return isWeekend ? ofHour * 0.15 : ofHour;
}

/** So long before the end it is as busy as in the middle of a working day, whenever the demonstration starts. */
const busyEndMs = 2 * hourMs;

/** Creates the runs between two times, oldest first. @param perHour number of CI runs in a busy hour */
export function rootRuns(random: Random, from: number, until: number, perHour: number): readonly RootRun[] {
  const names = weights.flatMap(([group, weight]) =>
    group.flatMap((name) => Array.from({ length: weight }, () => name)),
  );
  const runs: RootRun[] = [];
  for (let hour = Math.floor(from / hourMs) * hourMs; hour < until; hour += hourMs) {
    const expected = hour > until - busyEndMs - hourMs ? perHour * 2 : perHour * activityAt(hour);
    const count = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0);
    for (let index = 0; index < count; index += 1) {
      runs.push(ciRun(random, random.pick(names), hour + random.integer(0, hourMs - 1)));
    }
    runs.push(...scheduledRuns(random, hour));
  }
  return runs.filter(({ at }) => at >= from && at < until).sort((left, right) => left.at - right.at);
}

/** Returns one run, as somebody pushes: most on the default branch and successful. */
export function ciRun(random: Random, name: string, at: number): RootRun {
  const workflow = workflowOf(name);
  const isRelease = (services as readonly string[]).includes(name) && random.chance(0.06);
  const common = {
    at,
    repository: name,
    actor: random.pick(people),
    durationMs: random.integer(90, 600) * 1_000,
  };
  if (isRelease) {
    const ref = `v1.${random.integer(20, 60)}.${random.integer(0, 9)}`;
    return { ...common, workflow: 'release.yml', event: 'release', ref, isTag: true, conclusion: 'success' };
  }
  const kind = random.next();
  const conclusion = random.chance(0.1) ? random.pick(['failure', 'failure', 'failure', 'cancelled']) : 'success';
  const isPullRequest = kind < 0.3;
  const branch = isPullRequest ? `${random.pick(['fix', 'feature', 'deps'])}/${random.hex(5)}` : 'main';
  return {
    ...common,
    workflow,
    event: isPullRequest ? 'pull_request' : 'push',
    ref: branch,
    isTag: false,
    conclusion,
    ...(isPullRequest ? pullRequestOf(branch, random.chance(0.06)) : {}),
    ...(random.chance(0.03) ? { attempt: 2 } : {}),
  };
}

/** Each branch has one pull request: its number follows from the name. */
function pullRequestOf(branch: string, isOfFork: boolean): Pick<RootRun, 'fork' | 'pullRequest'> {
  return isOfFork ? { fork: true } : { pullRequest: 1 + Number.parseInt(branch.slice(-3), 16) };
}

function workflowOf(name: string): string {
  if (name === 'website') return 'build.yml';
  return name === 'infrastructure' ? 'apply.yml' : name === 'docs' ? 'publish.yml' : 'ci.yml';
}

function scheduledRuns(random: Random, hour: number): RootRun[] {
  const scheduled = (repository: string, workflow: string, minute: number): RootRun => ({
    at: hour + minute * minuteMs + random.integer(0, 50_000),
    repository,
    workflow,
    event: 'schedule',
    ref: 'main',
    isTag: false,
    conclusion: random.chance(0.06) ? 'failure' : 'success',
    actor: `${ownerOf(repository)}-automation`,
    durationMs: random.integer(120, 900) * 1_000,
  });
  const of = new Date(hour).getUTCHours();
  return [
    ...(of === 2 ? [scheduled('ingest', 'nightly.yml', 5)] : []),
    ...(of === 4 ? [scheduled('base-images', 'build.yml', 30)] : []),
    ...(of === 5 && new Date(hour).getUTCDay() % 2 === 0 ? [scheduled('infrastructure', 'drift.yml', 10)] : []),
  ];
}
