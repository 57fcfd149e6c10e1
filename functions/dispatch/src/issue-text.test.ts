import { describe, expect, test } from '@jest/globals';
import { issueBody, issueMarker, issueTitle } from './issue-text.ts';

const content = {
  routeId: 'abc',
  route: {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  },
  code: 'inbound-branch',
  message: 'No.',
  fix: 'Ask.',
  act: 'target',
  checks: [],
  sourceRunUrl: 'https://github.example/octo-org/app/actions/runs/77',
  correlationId: 'guid',
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
    const body = issueBody({
      ...content,
      message: `The branch ${hostile} is not accepted.`,
      fix: hostile,
      checks: [{ side: 'source', name: 'source-branch', satisfied: false, expected: 'main', actual: hostile }],
    });
    const rendered = outsideOfCode(body);
    for (const active of ['@octocat', 'evil.example', '#1', '<img', '<b>', '# heading']) {
      expect(rendered).not.toContain(active);
    }
    expect(body).not.toContain('\u202E');
    expect(rendered).toContain(issueMarker('abc'));
  });

  test('it says what happened, what to do, who must do it, and under which code to look it up', () => {
    const body = issueBody(content);
    for (const said of ['No.', 'Ask.', 'target repository', 'inbound-branch', 'guid']) expect(body).toContain(said);
    expect(issueTitle(content.route)).toBe('Dispatcher did not start octo-org/app:ci.yml → octo-org/deploy:cd.yml');
  });
});
