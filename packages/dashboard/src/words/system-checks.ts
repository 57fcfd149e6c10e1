// Words for the checks of the running system. The API computes them; monitors and the command line see the same.
import type { Schemas } from '../api/schemas.ts';
import { count, counted } from './counts.ts';
import type { State } from './states.ts';
import { duration } from './times.ts';

type Check = Schemas['StatusCheck'];

const states: Readonly<Record<Check['state'], State>> = {
  ok: { icon: 'check', tone: 'success', word: 'Fine' },
  unknown: { icon: 'question', tone: 'quiet', word: 'Unknown' },
  critical: { icon: 'failed', tone: 'danger', word: 'Needs you' },
  warning: { icon: 'warning', tone: 'attention', word: 'Warning' },
};

export const stateOfCheck = (state: Check['state']): State => states[state];

/**
 * Returns the status with the pause as it is now. The stored status is up to a minute old: without this, an operator who has
 * just paused all dispatches would still see that all is well.
 *
 * @param pause undefined: not known yet
 */
export function withPause(
  status: Schemas['StatusResponse'],
  pause: Schemas['PauseResponse'] | undefined,
): Schemas['StatusResponse'] {
  if (pause === undefined) return status;
  const { paused, operator, reason } = pause;
  const now = paused
    ? {
        state: 'critical' as const,
        value: null,
        message: `All dispatches are paused by ${operator ?? 'an operator'}: ${(reason ?? 'no reason is known').replace(/\.$/, '')}.`,
      }
    : { state: 'ok' as const, value: 0, message: 'Dispatches are not paused.' };
  const checks = status.checks.map((check) => (check.name === 'pause' ? { ...check, ...now } : check));
  const [worst] = problemsOf({ checks });
  return {
    ...status,
    checks,
    state: worst?.state === 'critical' ? 'critical' : worst === undefined ? 'ok' : 'warning',
  };
}

/** Returns the checks that need a look, the most urgent first. */
export function problemsOf({ checks }: Pick<Schemas['StatusResponse'], 'checks'>): readonly Check[] {
  const of = (state: Check['state']) => checks.filter((check) => check.state === state);
  return [...of('critical'), ...of('warning')];
}

/** Returns the state of the system in one sentence, without its problems. */
export function sentenceOfState(problems: readonly Check[]): string {
  if (problems.length === 0) return 'Working.';
  return problems.length === 1 ? 'One thing needs you.' : `${problems.length} things need you.`;
}

/** Returns a value of a check with its unit. */
export function figureOf(value: number | null, unit: Check['unit']): string {
  if (value === null) return '–';
  if (unit === 's') return value === 0 ? '0 s' : duration(value * 1_000);
  return unit === '%' ? `${count(value)} %` : counted(value, unit === 'owners' ? 'owner' : 'message');
}

export type CheckPage = '/dead-letters' | '/dispatches' | '/installations' | '/routes' | '/settings';

const pages: Readonly<Record<string, CheckPage>> = {
  'dead-letters': '/dead-letters',
  'failed-dispatches': '/dispatches',
  github: '/installations',
  'time-to-start': '/installations',
};

/** Returns the page where a check can be examined; the settings list them all. */
export const pageOfCheck = (name: string): CheckPage => pages[name] ?? '/settings';
