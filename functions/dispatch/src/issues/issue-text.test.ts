import { describe, expect, test } from '@jest/globals';
import { issueBody, issueMarker, issueTitle } from './issue-text.ts';

const content = {
  name: 'abc',
  route: {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  },
  code: 'inbound-branch',
  message: 'No.',
  fix: 'Ask.',
  responsible: 'target',
  checks: [],
  sourceRunUrl: 'https://github.example/octo-org/app/actions/runs/77',
  correlationId: 'guid',
  docsUrl: null,
} as const;

/** What is left of a text once everything inside code has been taken out, as GitHub's renderer does it. */
function outsideOfCode(markdown: string): string {
  const withoutBlocks = markdown.replace(/^(`{3,})[^\n`]*\n[\s\S]*?\n\1`*$/gm, '');
  return withoutBlocks.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}

describe('the text of a tracking issue', () => {
  test.each([
    ['a mention', 'feature/@octocat'],
    ['a link', 'x [click](https://evil.example) y'],
    ['an image', '![x](https://evil.example/x.png)'],
    ['an issue reference', 'fixes #1'],
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['the end of the marker', '--> <b>bold</b>'],
    ['backticks that would close the code', '` ``` ```` @octocat `'],
    ['a new line that would start a heading', 'x\n# heading\n```\n@octocat'],
    ['a bar that would end the cell', 'a | @octocat | b'],
    ['a right-to-left override', 'abc\u202E@octocat'],
    ['only backticks', '```'],
  ])('%s in a branch name stays text', (_, hostile) => {
    const body = issueBody(
      {
        ...content,
        message: `The branch ${hostile} is not accepted.`,
        fix: hostile,
        checks: [{ side: 'source', name: 'source-branch', satisfied: false, expected: 'main', actual: hostile }],
        sourceRunUrl: hostile,
      },
      [{ decidedId: 'd', endedAt: hostile, runUrl: hostile, code: 'inbound-branch', action: 'opened' }],
    );
    const rendered = outsideOfCode(body);
    for (const active of ['@octocat', 'evil.example', '#1', '<img', '<b>', '# heading']) {
      expect(rendered).not.toContain(active);
    }
    expect(body).not.toContain('\u202E');
    expect(rendered).toContain(issueMarker('abc'));
  });

  test('it says what happened, what to do, who must do it, and under which code to look it up', () => {
    const body = issueBody(content, []);
    for (const said of ['No.', 'Ask.', 'target repository', 'inbound-branch', 'guid']) expect(body).toContain(said);
    expect(issueTitle(content.route)).toBe('Dispatcher did not start octo-org/app:ci.yml → octo-org/deploy:cd.yml');
  });

  test('a code is a link where the operator has a page about the codes', () => {
    expect(issueBody({ ...content, docsUrl: 'https://docs.example/codes' }, [])).toContain(
      '(https://docs.example/codes#inbound-branch)',
    );
    expect(issueBody(content, [])).not.toContain('](https://docs');
  });

  test('the source’s checks are a tree by side, and the last results a table with their runs', () => {
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

function runUrl(id: number): string {
  return `https://github.example/octo-org/app/actions/runs/${id}`;
}
