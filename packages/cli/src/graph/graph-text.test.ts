import { sameName } from '@dispatcher/contracts';
import { sampleEdge, sampleGraphOwner, sampleGraphRepository } from '@dispatcher/contracts/testing';
import { expect, test } from '@jest/globals';
import { edgesOf, edgeTable, summaryText, warningsText } from './graph-text.ts';

const owner = sampleGraphOwner('octo-org');

test('an edge between two listed repositories is printed once, agreed ones first', () => {
  const agreed = sampleEdge('agreed', 'octo-org/app', 'octo-org/deploy');
  const offered = sampleEdge('offered', 'octo-org/*', 'octo-org/deploy', { id: null });
  const requested = sampleEdge('requested', 'octo-org/app', 'octo-org/docs');
  const edges = edgesOf([
    sampleGraphRepository('octo-org/app', { outbound: [requested, agreed] }),
    sampleGraphRepository('octo-org/deploy', { inbound: [offered, { ...agreed }] }),
  ]);
  expect(edges.map(({ state }) => state)).toEqual(['agreed', 'requested', 'offered']);
  const table = edgeTable(edges, { columns: undefined, hasColors: false });
  expect(table.split('\n').map((line) => line.trimEnd())).toEqual([
    'STATE      SOURCE               TARGET                  WHY',
    'agreed     octo-org/app:ci.yml  octo-org/deploy:cd.yml',
    expect.stringMatching(/^requested {2}octo-org\/app:ci\.yml {2}octo-org\/docs:cd\.yml {4}inbound-no-match: \S+/),
    'offered    octo-org/*:ci.yml    octo-org/deploy:cd.yml  nobody uses it',
    '',
  ]);
  expect(sameName(summaryText(owner).slice(0, 8), 'OCTO-ORG')).toBe(true);
});

test('a name that another repository has now, or that moved, is said', () => {
  const requested = sampleEdge('requested', 'octo-org/app', 'octo-org/old');
  const moved = { ...requested, target: { ...requested.target, repositoryId: null, renamedTo: 'octo-org/new' } };
  const agreed = sampleEdge('agreed', 'octo-org/app', 'octo-org/deploy');
  const again = { ...agreed, target: { ...agreed.target, formerRepositoryId: 5 } };
  const table = edgeTable([moved, again], { columns: undefined, hasColors: false });
  expect(table).toContain('the repository is octo-org/new now');
  expect(table).toContain('repository 5 had this name before');
});

test('the summary counts, with the time of the graph', () => {
  expect(summaryText(owner)).toBe(
    'octo-org: 1 agreed, 1 requested, 1 offered. 2 of 3 repositories have a dispatching.yml. As of 2026-11-03T15:00:00.000Z.',
  );
});

test('circles, invalid files and edges that are left out are warnings', () => {
  const step = (name: string) => ({ repository: `octo-org/${name}`, workflow: 'ci.yml' });
  const problem = { line: 3, column: 1, message: 'unknown key `inbuond`', fix: 'did you mean `inbound`?' };
  const text = warningsText({ ...owner, cycles: [[step('a'), step('b')]], cycleCount: 2 }, [
    sampleGraphRepository('octo-org/tool', { state: 'invalid', problems: [problem] }),
    sampleGraphRepository('octo-org/both', { state: 'ambiguous' }),
    sampleGraphRepository('octo-org/large', { isIndexed: false }),
    sampleGraphRepository('octo-org/busy', { omitted: 12 }),
    sampleGraphRepository('octo-org/app'),
  ]);
  expect(text.trim().split('\n')).toEqual([
    expect.stringMatching(/^Warning: octo-org\/a:ci\.yml → octo-org\/b:ci\.yml → octo-org\/a:ci\.yml is a circle\./),
    'Warning: 1 more circles are not shown.',
    'Warning: octo-org/tool: dispatching.yml is invalid: line 3: unknown key `inbuond`',
    'Warning: octo-org/both has two files, dispatching.yml and .github/dispatching.yml.',
    'Warning: octo-org/large has more rules than the index keeps; its edges are not shown.',
    'Warning: 12 edges of octo-org/busy are not shown.',
  ]);
});
