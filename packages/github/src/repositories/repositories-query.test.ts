import { describe, expect, test } from '@jest/globals';
import type { RunHead } from '@dispatcher/contracts';
import { parse, validate } from 'graphql';
import { repositoriesQuery } from './repositories-query.ts';
import { publishedGraphqlSchema } from '../testing/published-schemas.ts';

const target = (name: string, workflows: string[] = [], refs: string[] = [], heads: RunHead[] = []) => ({
  owner: 'acme',
  name,
  workflows,
  refs,
  heads,
});
const sha = 'a'.repeat(40);

function validQuery(requests: Parameters<typeof repositoriesQuery>[0]) {
  const query = repositoriesQuery(requests);
  expect(validate(publishedGraphqlSchema(), parse(query.query))).toEqual([]);
  return query;
}

describe('the query for repositories', () => {
  test.each([
    ['one source', [target('app')]],
    [
      'the heads of three runs',
      [
        target('app', [], [], [{ name: 'main', sha }]),
        target(
          'web',
          [],
          [],
          [
            { name: 'x', sha },
            { name: 'y', sha },
          ],
        ),
      ],
    ],
    [
      'ten targets with two workflows and two refs each',
      Array.from({ length: 10 }, (_, at) => target(`r${at}`, ['a.yml', 'b.yml'], ['main', 'v1'])),
    ],
  ])('for %s is valid in GitHub’s schema', (_, requests) => {
    expect(Object.keys(validQuery(requests).variables).length).toBeGreaterThan(1);
  });

  test('contains user input in its variables only', () => {
    const malicious = '") { id } evil: viewer { login } #';
    const { query, variables } = validQuery([
      {
        owner: malicious,
        name: malicious,
        workflows: [malicious],
        refs: [malicious],
        heads: [{ name: malicious, sha: malicious }],
      },
    ]);
    expect(query).not.toContain('evil');
    expect(Object.values(variables).every((value) => value.includes(malicious))).toBe(true);
  });

  test('uses no variable name that Octokit would take for an option', () => {
    const names = Object.keys(
      repositoriesQuery([target('app', ['a.yml'], ['main'], [{ name: 'main', sha }])]).variables,
    );
    expect(names.filter((name) => !/^[onwhtbgs]\d+(_\d+)?$/.test(name))).toEqual([]);
  });
});
