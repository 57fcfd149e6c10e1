// Which facts the page of the newest ones shows, by the parameters of its URL.
import type { StreamList } from '../../live/stream.ts';

export interface ActivitySearch {
  readonly list?: string;
  readonly type?: string;
  readonly source?: string;
  readonly target?: string;
  readonly since?: string;
  readonly until?: string;
}

export const listChoices: readonly (readonly [StreamList, string])[] = [
  ['deliveries', 'Runs and deliveries'],
  ['dispatches', 'Dispatches'],
  ['audit', 'Actions of operators'],
];

/** The types of facts of each list, with what they say. */
const typesOf = {
  deliveries: [
    ['run.planned', 'Planned'],
    ['run.delayed', 'Waiting for GitHub'],
    ['delivery.repeated', 'Delivered again'],
    ['delivery.ignored', 'Ignored'],
    ['message.dead-lettered', 'Dead letter'],
  ],
  dispatches: [
    ['dispatch.accepted', 'Started'],
    ['dispatch.failed', 'Not started: failed'],
    ['dispatch.completed', 'Completed'],
  ],
  audit: [
    ['operator.acted', 'Replay'],
    ['dead-letter.acted', 'Dead letters'],
    ['key.changed', 'API keys'],
    ['pause.changed', 'Emergency brake'],
    ['repository.confirmed', 'Repository confirmed'],
    ['bulk-replay.changed', 'Bulk replay'],
    ['schedule.changed', 'Schedules'],
    ['webhook.changed', 'Webhooks'],
  ],
} as const;

type TypeChoice = (typeof typesOf)[StreamList][number];
export type ListedType = TypeChoice[0];

/** Returns the types that the chosen list, or any of the offered ones, can have. */
export const typeChoices = (
  offered: readonly StreamList[],
  list: StreamList | undefined,
): readonly (readonly [ListedType, string])[] =>
  offered.filter((each) => list === undefined || each === list).flatMap((each): readonly TypeChoice[] => typesOf[each]);

/** Returns the lists that can have a match: an action of an operator is about no route. */
export function listsWith({ list, type, source, target }: ActivitySearch, offered: readonly StreamList[]) {
  const hasRepository = source !== undefined || target !== undefined;
  return offered.filter(
    (each) =>
      (list === undefined || list === each) &&
      (type === undefined || typesOf[each].some(([name]) => name === type)) &&
      !(hasRepository && each === 'audit'),
  );
}
