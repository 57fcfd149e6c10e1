import type { EmulatorControl, Fault } from '@dispatcher/github-emulator';
import { impatientPosts } from '../posts.ts';
import { type Expected, violations } from '../verdict.ts';
import { startExecution } from './execution.ts';
import { type Blow, type Script, script } from './fate.ts';
import type { Laboratory } from './laboratory.ts';
import type { Level, Strike } from './process.ts';
import type { Scenario } from './scenarios.ts';
import { windowMs } from './workers.ts';

export interface Told {
  readonly fate: Script;
  readonly violations: readonly string[];
}

/** Tells the scenario once, with these blows, until everything has come to rest. */
export async function tell(
  laboratory: Laboratory,
  scenario: Scenario,
  level: Level,
  blows: readonly Blow[],
): Promise<Told> {
  const fate = script(level, blows);
  const execution = await startExecution(laboratory, scenario.routes, fate);
  const { control } = laboratory.emulator;
  try {
    await control.setFaults(scenario.faults ?? []);
    await control.changeSettings({
      ...(scenario.namesNoRun === true ? { dispatchApi: 'ghes-3.20' } : {}),
      runListLagMs: scenario.runListLagMs ?? 0,
    });
    const sources = [...new Set(scenario.routes.map(({ source }) => source))];
    const completed: Expected['completed'][number][] = [];
    for (let run = 0; run < scenario.runs; run += 1) {
      for (const source of sources) completed.push(await execution.complete(source));
    }
    await execution.drain();
    if (scenario.ends !== undefined) {
      await execution.endStarted(scenario.ends);
      await execution.drain();
    }
    const runIdsMayBeMissing = scenario.namesNoRun ?? false;
    const found = violations(await execution.evidence(), { routes: scenario.routes, completed, runIdsMayBeMissing });
    return { fate, violations: [...found, ...execution.leftovers(), ...(await needlessPosts(control, scenario))] };
  } catch (error) {
    return { fate, violations: [`it did not come to rest: ${error instanceof Error ? error.message : String(error)}`] };
  } finally {
    await execution.close();
  }
}

/** One POST for each run, and one more only for each that met a fault by which nothing was started. */
async function needlessPosts(control: EmulatorControl, scenario: Scenario): Promise<string[]> {
  const { requests } = await control.requests();
  const impatient = impatientPosts(requests, windowMs);
  // To a GitHub that names no run the first POST of each process is refused, because it asks for the run's id.
  if (scenario.namesNoRun === true) return impatient;
  const runs = await control.runs();
  const targets = new Set(scenario.routes.filter(({ end }) => end === 'started').map(({ target }) => target));
  const proven = (scenario.faults ?? []).filter(({ fault }) => startsNothing(fault)).length;
  const needless = [...targets].flatMap((target) => {
    const posts = requests.filter(({ operation, path }) => operation === 'dispatch' && path.includes(`/${target}/`));
    const started = runs.filter(
      ({ repository, startedByInstallation }) => repository === target && startedByInstallation !== null,
    );
    return posts.length === started.length + proven
      ? []
      : [`${posts.length} POSTs to ${target} for ${started.length} runs and ${proven} POSTs that started nothing`];
  });
  return [...impatient, ...needless];
}

function startsNothing(fault: Fault): boolean {
  return fault === 'reset-before' || (typeof fault === 'object' && 'status' in fault);
}

export interface Enumeration {
  readonly scenario: string;
  readonly level: Level;
  readonly how: Strike;
  /** Crash points of the history without a blow. */
  readonly points: number;
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
  /** Also a death at every point of what follows each first blow. */
  readonly pairs?: boolean;
  /** Of all these histories every n-th; 1, the default, for all. */
  readonly every?: number;
}

/** One blow at each crash point in turn, and where asked for a second one at each point of what follows. */
export async function enumerate(
  laboratory: Laboratory,
  scenario: Scenario,
  { level, how, pairs = false, every = 1 }: EnumerateOptions,
): Promise<Enumeration> {
  const failures: Enumeration['failures'][number][] = [];
  let told = 0;
  const telling = async (blows: readonly Blow[]): Promise<Script> => {
    const { fate, violations: found } = await tell(laboratory, scenario, level, blows);
    told += 1;
    if (found.length > 0) failures.push({ blows, at: fate.struck.map(describe), violations: found });
    return fate;
  };
  const points = (await telling([])).reached.length;
  for (let at = 0; at < points; at += every) {
    const first = { at, how };
    const after = (await telling([first])).reached.length;
    if (!pairs) continue;
    // Another offset each time, so that a sample meets every point now and then.
    for (let second = at % every; second < after; second += every) {
      await telling([first, { at: second, how: 'dies' }]);
    }
  }
  return { scenario: scenario.name, level, how, points, told, failures };
}

function describe({ call, moment, how }: Script['struck'][number]): string {
  return `${how} ${moment} ${call}`;
}
