import { expect, test } from '@jest/globals';
import { auditActionChoices, isAuditAction, kindOfSubject, stateOfAudit, titleOfAction } from './audit.ts';

test('each action has words, and one that is newer than the page is shown as it is', () => {
  expect(titleOfAction('paused')).toBe('Paused all dispatches');
  expect(titleOfAction('something-new')).toBe('something-new');
  expect(auditActionChoices.every(([action]) => isAuditAction(action))).toBe(true);
  expect(isAuditAction(undefined)).toBe(false);
});

test('what a subject is follows from the action', () => {
  expect(['re-evaluate', 'redrive', 'key-revoked', 'repository-confirmed', 'paused', 'new'].map(kindOfSubject)).toEqual(
    ['run', 'dead-letter', 'key', 'repository', 'none', 'none'],
  );
});

test('a result that needs a person is not shown as done', () => {
  expect(stateOfAudit('quarantined')).toMatchObject({ tone: 'attention' });
  expect(stateOfAudit('published')).toEqual({ icon: 'check', tone: 'success', word: 'Published' });
});
