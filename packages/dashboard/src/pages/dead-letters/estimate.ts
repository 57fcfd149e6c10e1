import { counted } from '../../words/counts.ts';
import { countOutcomes, type ActionKind, type ActionResponse } from './action.ts';

const did: Readonly<Record<ActionKind, string>> = { redrive: 'redriven', discard: 'discarded' };

/** Returns how many dead letters an action would redrive or discard. */
export const actionableOf = ({ deadLetters }: Pick<ActionResponse, 'deadLetters'>): number =>
  deadLetters.filter(({ outcome }) => outcome === 'redriven' || outcome === 'discarded').length;

const rest: Readonly<Record<string, string>> = {
  quarantined: 'quarantined because they were redriven three times, and stay',
  misplaced: 'in the wrong queue, and stay',
  failed: 'impossible to redrive, and stay',
};

/** Returns in one or more sentences what an action would do. */
export function sentenceOfEstimate(
  kind: ActionKind,
  response: Pick<ActionResponse, 'deadLetters' | 'more' | 'notFound'>,
): string {
  const found = actionableOf(response);
  const atLeast = response.more ? 'At least ' : '';
  const amount = counted(found, 'dead letter');
  const first =
    found === 0 && response.deadLetters.length === 0
      ? 'No dead letter is selected: nothing would happen.'
      : `${atLeast}${amount} would be ${did[kind]}.`;
  const others = countOutcomes(response.deadLetters)
    .filter(([outcome]) => rest[outcome] !== undefined)
    .map(([outcome, number]) => `${number} ${number === 1 ? 'is' : 'are'} ${rest[outcome]}.`);
  const missing = response.notFound.length;
  const gone = missing === 0 ? [] : [`${missing} ${missing === 1 ? 'is' : 'are'} not in the queue any more.`];
  return [first, ...others, ...gone].join(' ');
}
