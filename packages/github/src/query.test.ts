import { describe, expect, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import { repositoriesQuery } from './query.ts';
import { publishedGraphqlSchema } from './testing/published-schemas.ts';

const target = (name: string, workflows: string[] = [], refs: string[] = []) => ({
  owner: 'acme',
  name,
  workflows,
  refs,
});

function validated(requests: Parameters<typeof repositoriesQuery>[0]) {
  const query = repositoriesQuery(requests);
  expect(validate(publishedGraphqlSchema(), parse(query.query))).toEqual([]);
  return query;
}

describe('the query for repositories', () => {
  test.each([
    ['one source', [target('app')]],
    [
      'ten targets with two workflows and two refs each',
      Array.from({ length: 10 }, (_, at) => target(`r${at}`, ['a.yml', 'b.yml'], ['main', 'v1'])),
    ],
  ])('of %s is valid by GitHub’s schema', (_, requests) => {
    expect(Object.keys(validated(requests).variables).length).toBeGreaterThan(1);
  });

  test('holds no value of a user outside of its variables', () => {
    const hostile = '") { id } evil: viewer { login } #';
    const { query, variables } = validated([{ owner: hostile, name: hostile, workflows: [hostile], refs: [hostile] }]);
    expect(query).not.toContain('evil');
    expect(Object.values(variables).every((value) => value.includes(hostile))).toBe(true);
  });

  test('uses no variable name that Octokit would take for an option of its own', () => {
    const names = Object.keys(repositoriesQuery([target('app', ['a.yml'], ['main'])]).variables);
    expect(names.filter((name) => !/^[onwht]\d+(_\d+)?$/.test(name))).toEqual([]);
  });
});
