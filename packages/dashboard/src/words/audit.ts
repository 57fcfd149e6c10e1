// What operators did, in words.
import type { State } from './states.ts';

const titles = {
  'as-recorded': 'Replayed as recorded',
  're-evaluate': 'Re-evaluated',
  'dispatch-again': 'Dispatched again',
  redrive: 'Redrove a dead letter',
  discard: 'Discarded a dead letter',
  'key-created': 'Created an API key',
  'key-revoked': 'Revoked an API key',
  paused: 'Paused all dispatches',
  resumed: 'Resumed dispatches',
  'repository-confirmed': 'Confirmed a repository',
  'bulk-replay-started': 'Started a bulk replay',
  'bulk-replay-stopped': 'Stopped a bulk replay',
  'bulk-replay-resumed': 'Resumed a bulk replay',
  'bulk-replay-completed': 'Bulk replay completed',
  'schedule-created': 'Created a schedule',
  'schedule-paused': 'Paused a schedule',
  'schedule-resumed': 'Resumed a schedule',
  'schedule-run': 'Ran a schedule',
  'schedule-deleted': 'Deleted a schedule',
  'webhook-created': 'Created a webhook',
  'webhook-paused': 'Paused a webhook',
  'webhook-resumed': 'Resumed a webhook',
  'webhook-rotated': 'Rotated the secret of a webhook',
  'webhook-tested': 'Tested a webhook',
  'webhook-deleted': 'Deleted a webhook',
} as const;
export type AuditAction = keyof typeof titles;

export const isAuditAction = (text: string | undefined): text is AuditAction => text !== undefined && text in titles;

export const titleOfAction = (action: string): string => (isAuditAction(action) ? titles[action] : action);

export const auditActionChoices = Object.entries(titles);

/** What the subject of an action is, so that it can be linked. */
export type Subject = 'run' | 'bulk-replay' | 'dead-letter' | 'key' | 'repository' | 'none';

const subjects: Readonly<Record<AuditAction, Subject>> = {
  'as-recorded': 'run',
  're-evaluate': 'run',
  'dispatch-again': 'run',
  redrive: 'dead-letter',
  discard: 'dead-letter',
  'key-created': 'key',
  'key-revoked': 'key',
  paused: 'none',
  resumed: 'none',
  'repository-confirmed': 'repository',
  'bulk-replay-started': 'bulk-replay',
  'bulk-replay-stopped': 'bulk-replay',
  'bulk-replay-resumed': 'bulk-replay',
  'bulk-replay-completed': 'bulk-replay',
  'schedule-created': 'none',
  'schedule-paused': 'none',
  'schedule-resumed': 'none',
  'schedule-run': 'none',
  'schedule-deleted': 'none',
  'webhook-created': 'none',
  'webhook-paused': 'none',
  'webhook-resumed': 'none',
  'webhook-rotated': 'none',
  'webhook-tested': 'none',
  'webhook-deleted': 'none',
};

export const kindOfSubject = (action: string): Subject => (isAuditAction(action) ? subjects[action] : 'none');

const results: Readonly<Record<string, State>> = {
  redriven: { icon: 'check', tone: 'success', word: 'Redriven' },
  discarded: { icon: 'check', tone: 'success', word: 'Discarded' },
  quarantined: { icon: 'warning', tone: 'attention', word: 'Quarantined' },
  'unknown-run': { icon: 'failed', tone: 'danger', word: 'Unknown run' },
};

/** Returns the result of an action. Most only say that it was done. */
export const stateOfAudit = (result: string): State => {
  const text = result.replaceAll('-', ' ');
  return (
    results[result] ?? {
      icon: 'check',
      tone: 'success',
      word: text === '' ? 'Done' : text.charAt(0).toUpperCase() + text.slice(1),
    }
  );
};
