import { type Outcome, stateOfOutcome } from './states.ts';

const order: readonly Outcome[] = [
  'planned',
  'no-match',
  'no-config',
  'config-invalid',
  'config-unreadable',
  'source-refused',
  'paused',
  'plan-too-large',
];

/** Value and text of each outcome, for a filter. */
export const outcomeChoices: readonly (readonly [Outcome, string])[] = order.map((outcome) => [
  outcome,
  stateOfOutcome(outcome).word,
]);
