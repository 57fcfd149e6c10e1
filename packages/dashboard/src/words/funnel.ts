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

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, each) => total + each, 0);

/** Returns how many runs and routes came how far. */
export function funnelOf({ deliveries, requests, plans, decisions, dispatches, conclusions }: Summary): Funnel {
  return {
    received: deliveries.received + requests,
    planned: sum(plans),
    matched: plans['planned'] ?? 0,
    decided: sum(decisions),
    allowed: decisions['allowed'] ?? 0,
    started: (dispatches['accepted'] ?? 0) + (dispatches['accepted-unverified'] ?? 0),
    succeeded: conclusions['success'] ?? 0,
  };
}

/** Returns what the funnel says, in one sentence. */
export function sentenceOfFunnel(funnel: Funnel): string {
  const { received, matched, decided, allowed, started, succeeded } = funnel;
  if (received === 0) return 'No run was received.';
  return (
    `${counted(received, 'run')} received, ${count(matched)} with a matching rule: ` +
    `${allowed} of ${counted(decided, 'route')} allowed (${share(allowed, decided)}), ${started} started, ${succeeded} succeeded.`
  );
}
