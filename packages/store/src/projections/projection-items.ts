import {
  deadLetterRowOf,
  type FoldedDeadLetter,
  type FoldedRoute,
  isInQueue,
  type Kind,
  type States,
  type Subject,
  targetOf,
} from '@dispatcher/projections';
import { expiryOf } from '../facts/fact-keys.ts';
import { listAttributes } from '../lists/list-keys.ts';
import { deadLetterValues } from '../lists/dead-letter-filter.ts';
import { routeOrder, routePlaces } from '../lists/route-filter.ts';
import {
  allTimeKey,
  configCountKey,
  configKey,
  deadLetterIdOfKey,
  deadLetterKey,
  heldPartition,
  hourKey,
  minuteKey,
  partitions,
  type ProjectionKey,
  repositoryKey,
  routeIdOfKey,
  routeKey,
} from './projection-keys.ts';

// How a folded state is stored: its key, its places in the indexes, and its expiry.

const hourSeconds = 60 * 60;
// The summaries read one hour of minutes and one week of hours. The margin covers a roll-up that did not run for a while.
const minutesKept = 6 * hourSeconds;
const hoursKept = 14 * 24 * hourSeconds;

export function keyOf({ kind, name }: Subject): ProjectionKey {
  switch (kind) {
    case 'total':
      return allTimeKey;
    case 'hour':
      return hourKey(name);
    case 'minute':
      return minuteKey(name);
    case 'repository':
      return repositoryKey(name);
    case 'route':
      return routeKey(name);
    case 'config':
      return configKey(name);
    case 'config-count':
      return configCountKey;
    default:
      return deadLetterKey(name);
  }
}

/** Returns what a folded item is about; null for any other item of the table. */
export function subjectOfKey(key: ProjectionKey): Subject | null {
  switch (key.pk) {
    case allTimeKey.pk:
      return { kind: 'total', name: 'all' };
    case partitions.hours:
      return { kind: 'hour', name: key.sk };
    case partitions.minutes:
      return { kind: 'minute', name: key.sk };
    case partitions.repositories:
      return { kind: 'repository', name: key.sk };
    case partitions.configs:
      return { kind: 'config', name: key.sk };
    case configCountKey.pk:
      return { kind: 'config-count', name: 'all' };
    default:
      if (key.sk === routeKey('').sk) return { kind: 'route', name: routeIdOfKey(key) };
      return key.sk === deadLetterKey('').sk ? { kind: 'dead-letter', name: deadLetterIdOfKey(key) } : null;
  }
}

/** @param upTo the entries that the state contains, as stored */
export function itemOf(
  subject: Subject,
  state: States[Kind],
  upTo: string,
  retentionDays?: number,
): ProjectionKey & Readonly<Record<string, unknown>> {
  return { ...keyOf(subject), upTo, state, ...attributesOf(subject, state, retentionDays) };
}

function attributesOf({ kind, name }: Subject, state: States[Kind], retentionDays: number | undefined): object {
  switch (kind) {
    case 'hour':
      return { expiresAt: secondsAt(`${name}:00Z`) + hoursKept };
    case 'minute':
      return { expiresAt: secondsAt(`${name}Z`) + minutesKept };
    case 'route':
      return { ...routePlaces, order: routeOrder(name, targetOf(state as FoldedRoute)) };
    case 'dead-letter':
      return ofDeadLetter(state as FoldedDeadLetter, retentionDays);
    default:
      return {};
  }
}

const secondsAt = (time: string): number => Math.floor(Date.parse(time) / 1000);

function ofDeadLetter(state: FoldedDeadLetter, retentionDays: number | undefined): object {
  const row = deadLetterRowOf(state);
  if (row === null || state.recorded === null) return {};
  const { queue, reason, stateAt } = row;
  const { order } = state.recorded;
  const places = { ...listAttributes(deadLetterValues(row)), order };
  // A dead letter that is still in its queue does not expire, because it is counted.
  return isInQueue(state)
    ? { ...places, held: heldPartition, heldOrder: `${queue}#${reason}#${order}` }
    : { ...places, expiresAt: expiryOf(stateAt, retentionDays) };
}
