import { describe, expect, test } from '@jest/globals';
import { completedRun } from '@dispatcher/contracts/testing';
import { activeParts, maliciousTexts } from '../testing/malicious-texts.ts';
import { issueBody, issueMarker, issueTitle } from './issue-text.ts';
import { planIssueBody } from './plan-issue-text.ts';

const content = {
  name: 'abc',
  route: {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  },
  code: 'inbound-branch',
  message: 'The branch is not accepted.',
  fix: 'Add the branch.',
  responsible: 'target',
  checks: [],
  sourceRunUrl: 'https://github.example/octo-org/app/actions/runs/77',
  correlationId: 'guid',
  docsUrl: null,
  runPage: null,
} as const;

describe('the text of a tracking issue', () => {
  test.each(maliciousTexts)('%s in a branch name is rendered as text', (_, malicious) => {
    const body = issueBody(
      {
        ...content,
        message: `The branch ${malicious} is not accepted.`,
        fix: malicious,
        checks: [{ side: 'source', name: 'source-branch', satisfied: false, expected: 'main', actual: malicious }],
        sourceRunUrl: malicious,
      },
      [{ decidedId: 'd', endedAt: malicious, runUrl: malicious, code: 'inbound-branch', action: 'opened' }],
    );
    expect(activeParts(body)).toEqual([]);
    expect(body.endsWith(issueMarker('abc'))).toBe(true);
  });

  test('contains message, fix, who is responsible, code and delivery', () => {
    const body = issueBody(content, []);
    for (const part of [
      'The branch is not accepted.',
      'Add the branch.',
      'target repository',
      'inbound-branch',
      'guid',
    ]) {
      expect(body).toContain(part);
    }
    expect(issueTitle(content.route)).toBe('Dispatcher did not start octo-org/app:ci.yml → octo-org/deploy:cd.yml');
  });

  test('links the code if the operator has configured a page about codes', () => {
    expect(issueBody({ ...content, docsUrl: 'https://docs.example/codes' }, [])).toContain(
      '(https://docs.example/codes#inbound-branch)',
    );
    expect(issueBody(content, [])).not.toContain('](https://docs');
  });

  test('links the page of the run in the dashboard if the operator has configured its address', () => {
    const runPage = 'https://dispatcher.example/runs/11-77-1';
    expect(issueBody({ ...content, runPage }, [])).toContain(` · [Details in Dispatcher](${runPage}) · `);
    expect(issueBody(content, [])).not.toContain('Details');
  });

  test('lists the source’s checks by side, and the last results in a table with their runs', () => {
    const check = { name: 'source-branch', expected: 'main', actual: 'main' };
    const body = issueBody(
      {
        ...content,
        checks: [
          { ...check, side: 'run', satisfied: true },
          { ...check, side: 'source', satisfied: true },
          { ...check, side: 'source', name: 'source-event', satisfied: false },
        ],
      },
      [
        {
          decidedId: 'b',
          endedAt: '2026-01-02T00:00:00Z',
          runUrl: runUrl(2),
          code: 'inbound-branch',
          action: 'updated',
        },
        { decidedId: 'a', endedAt: '2026-01-01T00:00:00Z', runUrl: runUrl(1), code: 'allowed', action: 'noted' },
      ],
    );
    expect(body).toMatch(/- ✓ run\n {2}- ✓ .*\n- ✗ source\n {2}- ✓ .*\n {2}- ✗ ` source-event `/);
    expect(body).toContain(`| \` 2026-01-02T00:00:00Z \` | [2](${runUrl(2)}) | \` inbound-branch \` |`);
    expect(body).toContain(`[1](${runUrl(1)}) | started |`);
  });
});

test.each(maliciousTexts)('%s in the problem of a plan is rendered as text', (_, malicious) => {
  const body = planIssueBody(
    {
      name: 'abc',
      plan: {
        code: 'plan-too-large',
        message: `The file says ${malicious}.`,
        fix: malicious,
        responsible: 'source',
        runKey: '11-77-1',
      },
      trigger: { ...completedRun({ htmlUrl: malicious }), workflow: malicious, deliveryId: malicious },
      docsUrl: null,
      runPage: null,
    },
    [{ decidedId: 'd', endedAt: malicious, runUrl: malicious, code: 'config-invalid', action: 'opened' }],
  );
  expect(activeParts(body)).toEqual([]);
  expect(body.endsWith(issueMarker('abc'))).toBe(true);
});

function runUrl(id: number): string {
  return `https://github.example/octo-org/app/actions/runs/${id}`;
}
