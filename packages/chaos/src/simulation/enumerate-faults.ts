import { type Blow, distinctDeaths, type Struck } from './system/fault-plan.ts';
import type { Level, Strike } from './system/worker-process.ts';
import type { Scenario } from './scenarios.ts';
import type { Tell, Told } from './run-scenario.ts';

export interface Enumeration {
  readonly scenario: string;
  readonly level: Level;
  readonly how: Strike;
  /** Crash points of the history without a blow. */
  readonly points: number;
  /** Of these the ones at which a death leaves another world than at the point before. */
  readonly distinct: number;
  /** Histories told, the one without a blow among them. */
  readonly told: number;
  readonly failures: readonly {
    readonly blows: readonly Blow[];
    readonly at: readonly string[];
    readonly violations: readonly string[];
  }[];
}

export interface EnumerateOptions {
  readonly level: Level;
  readonly how: Strike;
  /** Two deaths: at each point, and at each point of what follows, of those that {@link distinctDeaths} tells apart. */
  readonly pairs?: boolean;
  /** Of all these histories every n-th; 1, the default, for all. */
  readonly every?: number;
}

/** One blow at each crash point in turn, or where asked for two. */
export async function enumerate(
  tell: Tell,
  scenario: Scenario,
  { level, how, pairs = false, every = 1 }: EnumerateOptions,
): Promise<Enumeration> {
  const failures: Enumeration['failures'][number][] = [];
  let told = 0;
  const telling = async (blows: readonly Blow[]): Promise<Told> => {
    const history = await tell(scenario, level, blows);
    told += 1;
    fail(blows, history, history.violations);
    return history;
  };
  const fail = (blows: readonly Blow[], { struck }: Told, violations: readonly string[]): void => {
    if (violations.length > 0) failures.push({ blows, at: struck.map(describe), violations });
  };
  const { reached } = await telling([]);
  const distinct = distinctDeaths(reached);
  const firsts = pairs ? distinct : reached.map((_, at) => at);
  const singles = await Promise.all(
    everyNth(firsts, every, 0).map(async (at, index) => {
      const blow = { at, how };
      const history = await telling([blow]);
      // Another offset each time, so that a sample meets every point now and then.
      const seconds = pairs ? everyNth(distinctDeaths(history.reached), every, index) : [];
      await Promise.all(seconds.map((second) => telling([blow, { at: second, how: 'dies' }])));
      return { blow, history, world: reached[at]?.world };
    }),
  );
  for (const [index, { blow, history, world }] of singles.entries()) {
    const before = singles[index - 1];
    if (how !== 'dies' || before === undefined || before.world !== world) continue;
    fail([blow], history, unlike(history, before.history));
  }
  return { scenario: scenario.name, level, how, points: reached.length, distinct: distinct.length, told, failures };
}

/** Two deaths that are taken for one must be followed by one and the same. */
function unlike(history: Told, other: Told): string[] {
  // The calls of messages that are handled at once come in another order each time.
  const isComparable = history.oneByOne && other.oneByOne;
  return !isComparable || followed(history) === followed(other)
    ? []
    : [`it is taken for the same death as ${other.struck.map(describe).join()}, and something else follows`];
}

function followed({ reached, requests }: Told): string {
  return JSON.stringify([reached.map(({ call, moment }) => [call, moment]), requests]);
}

function everyNth<T>(all: readonly T[], n: number, offset: number): T[] {
  return all.filter((_, index) => index % n === offset % n);
}

function describe({ call, moment, how }: Struck): string {
  return `${how} ${moment} ${call}`;
}
