import type { Schemas } from '../api/schemas.ts';
import { count, counted, share } from './counts.ts';

type Summary = Schemas['SummaryResponse'];

export interface Funnel {
  /** Runs: received, planned, and those with a rule that matches. */
  readonly received: number;
  readonly planned: number;
  readonly matched: number;
  /** Routes: decided, allowed, started, completed with success. One run can have many. */
  readonly decided: number;
  readonly allowed: number;
  readonly started: number;
  readonly succeeded: number;
}

/** Returns how many runs and routes came how far. */
export const funnelOf = ({ funnel, decisions }: Pick<Summary, 'decisions' | 'funnel'>): Funnel => ({
  ...funnel,
  decided: Object.values(decisions).reduce((total, each) => total + each, 0),
});

/** Returns what the funnel says, in one sentence. */
export function sentenceOfFunnel(funnel: Funnel): string {
  const { received, matched, decided, allowed, started, succeeded } = funnel;
  if (received === 0) return 'No run was received.';
  return (
    `${counted(received, 'run')} received, ${count(matched)} with a matching rule: ` +
    `${allowed} of ${counted(decided, 'route')} allowed (${share(allowed, decided)}), ${started} started, ${succeeded} succeeded.`
  );
}
