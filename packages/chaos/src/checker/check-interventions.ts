import type { RequestEntry } from '@dispatcher/github-emulator';
import { type Evidence, startedRuns } from './evidence.ts';

/** Something that happened outside the workers, and when. Times are in milliseconds since the epoch. */
export interface TimedIntervention {
  readonly kind: 'pause' | 'withdraw' | 'lose-plan' | 'change-plan';
  readonly at: number;
  readonly until: number;
}

/** The defaults of `LEASE_SECONDS` and `DECISION_MAX_AGE`. */
const leaseMs = 30_000;
const decisionMaxAgeMs = 300_000;

/**
 * Checks what holds after any intervention: it takes effect in time, no dispatch starts twice, each started run belongs to
 * an allowed decision, and each allowed decision ends in one result or in a dead letter that says why.
 */
export function checkInterventions(
  evidence: Evidence,
  requests: readonly RequestEntry[],
  interventions: readonly TimedIntervention[],
): string[] {
  if (interventions.length === 0) return [];
  const posts = requests.filter(({ operation }) => operation === 'dispatch').map(({ at }) => Date.parse(at));
  return [
    ...evidence.earlyPasses,
    ...interventions.flatMap((intervention) => {
      const { kind, at, until } = intervention;
      // A plan that is lost or changed is read for each message, the switch before each POST, and files only sometimes.
      const from = at + leaseMs + (kind === 'withdraw' ? decisionMaxAgeMs : 0);
      return posts
        .filter((post) => post > from && post < until)
        .map((post) => `a POST was sent ${post - at} ms after the intervention ${kind}`);
    }),
    ...(interventions.every(({ kind }) => kind === 'pause') ? [] : checkResults(evidence)),
  ];
}

/** The time in which a pause is in effect. Times are in milliseconds since the epoch. */
export interface PauseWindow {
  readonly from: number;
  readonly until: number;
}

/** Finds the POSTs of dispatches during a pause. */
export function findPostsDuringPause(requests: readonly RequestEntry[], { from, until }: PauseWindow): string[] {
  // The log of requests has whole seconds.
  const end = Math.floor(until / 1_000) * 1_000;
  return requests
    .filter(({ operation, at }) => operation === 'dispatch' && Date.parse(at) > from && Date.parse(at) < end)
    .map(({ path, at }) => `POST ${path} was sent at ${at}, ${Date.parse(at) - from} ms after the pause took effect`);
}

function checkResults(evidence: Evidence): string[] {
  const { facts } = evidence;
  const started = startedRuns(evidence).map(({ inputs }) => inputs['dispatch'] ?? '');
  const allowed = facts.flatMap((fact) =>
    fact.type === 'route.decided' && fact.data.decision.effect === 'allow'
      ? [{ id: fact.data.decision.dispatchId, runKey: fact.runKey }]
      : [],
  );
  const ids = allowed.map(({ id }) => id);
  return [
    ...started
      .filter((id, index) => started.indexOf(id) !== index || !ids.includes(id))
      .map((id) => `the dispatch ${id} was started twice, or without an allowed decision`),
    ...allowed.flatMap(({ id, runKey }) => {
      const accepted = facts.some((fact) => fact.type === 'dispatch.accepted' && fact.data.dispatchId === id);
      const failed = facts.some((fact) => fact.type === 'dispatch.failed' && fact.data.dispatchId === id);
      const isDeadLetter = facts.some(
        (fact) =>
          fact.type === 'message.dead-lettered' &&
          fact.runKey === runKey &&
          fact.data.reason === 'decision-not-in-plan',
      );
      if (!accepted && !failed && !isDeadLetter) return [`the decision of dispatch ${id} has no result`];
      if (accepted && failed) return [`the dispatch ${id} was accepted and refused`];
      return failed && started.includes(id) ? [`the dispatch ${id} was refused and started`] : [];
    }),
  ];
}
