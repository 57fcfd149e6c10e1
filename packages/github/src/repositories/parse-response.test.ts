import { describe, expect, test } from '@jest/globals';
import type { RepositoryContents, RepositorySnapshot, TargetRequest } from '@dispatcher/contracts';
import { exceedsResourceLimits, GraphqlResponse, parseSnapshots, rateLimitMessage } from './parse-response.ts';

const request: TargetRequest = { owner: 'acme', name: 'deploy', workflows: ['cd.yml'], refs: ['v1'] };
const branchPath = ['r0', 'defaultBranchRef', 'target'];

const blob = (text: string | null, more: object = {}) => ({
  mode: 0o100644,
  type: 'blob',
  object: { __typename: 'Blob', oid: 'b10b', byteSize: 3, isBinary: text === null, isTruncated: false, text, ...more },
});

function repository(files: object = {}, more: object = {}): object {
  const target = { __typename: 'Commit', oid: 'c0ffee', top: blob('a: b'), dotgithub: null, w0: blob('on:'), ...files };
  return {
    databaseId: 2 ** 40,
    name: 'Deploy',
    owner: { login: 'Acme' },
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'INTERNAL',
    defaultBranchRef: { name: 'main', target },
    h0: null,
    t0: { name: 'v1' },
    ...more,
  };
}

function read(r0: unknown, ...errors: object[]): RepositorySnapshot {
  const response = GraphqlResponse.parse({ data: { r0 }, ...(errors.length > 0 ? { errors } : {}) });
  return parseSnapshots(response, [request], 7)[0] as RepositorySnapshot;
}

function readContents(r0: unknown, ...errors: object[]): RepositoryContents {
  const snapshot = read(r0, ...errors);
  if (snapshot.state !== 'read') throw new Error(JSON.stringify(snapshot));
  return snapshot;
}

const notFound = (path: (string | number)[]) => ({ type: 'NOT_FOUND', message: 'Could not resolve', path });

describe('a repository', () => {
  test('is read with its requested workflows and refs', () => {
    expect(read(repository(), notFound([...branchPath, 'dotgithub']))).toEqual({
      state: 'read',
      id: 2 ** 40,
      owner: 'Acme',
      name: 'Deploy',
      isArchived: false,
      isDisabled: false,
      isLocked: false,
      visibility: 'internal',
      defaultBranch: { name: 'main', sha: 'c0ffee' },
      files: {
        'dispatching.yml': {
          state: 'read',
          blobId: 'b10b',
          byteSize: 3,
          isBinary: false,
          isTruncated: false,
          text: 'a: b',
        },
        '.github/dispatching.yml': { state: 'absent' },
      },
      misnamedFiles: [],
      workflows: {
        'cd.yml': { state: 'read', blobId: 'b10b', byteSize: 3, isBinary: false, isTruncated: false, text: 'on:' },
      },
      refs: { v1: 'tag' },
      installationId: 7,
    });
  });

  test('names a file with the extension .yaml, which is never read', () => {
    const misnamed = (files: object, ...errors: object[]) => readContents(repository(files), ...errors).misnamedFiles;
    expect(misnamed({ topYaml: null, dotgithubYaml: { mode: 0o100644 } })).toEqual(['.github/dispatching.yaml']);
    expect(misnamed({ topYaml: { mode: 0o100644 } }, notFound([...branchPath, 'dotgithubYaml']))).toEqual([
      'dispatching.yaml',
    ]);
    expect(misnamed({ topYaml: null }, { message: 'Something failed', path: [...branchPath, 'topYaml'] })).toEqual([]);
  });

  test('that GitHub does not find is absent', () => {
    expect(read(null, notFound(['r0']))).toEqual({ state: 'absent' });
  });

  test('that is null without an error is absent', () => {
    expect(read(null)).toEqual({ state: 'absent' });
  });

  test.each([
    ['a missing permission', { type: 'FORBIDDEN', message: 'Resource not accessible by integration', path: ['r0'] }],
    [
      'SAML',
      {
        type: 'FORBIDDEN',
        message: 'Resource protected by organization SAML enforcement',
        path: ['r0'],
        extensions: { saml_failure: true },
      },
    ],
    ['an error without a type', { message: 'Something went wrong while executing your query', path: ['r0'] }],
    ['an error without a path', { message: 'Something went wrong while executing your query' }],
    ['an error of the whole query', { type: 'INTERNAL', message: 'Oops', path: [] }],
    ['a null propagated from a field below', notFound(['r0', 'owner', 'login'])],
  ])('that is null for %s is unknown, with GitHub’s message', (_, error) => {
    expect(read(null, error)).toMatchObject({ state: 'unknown', reason: error.message });
  });

  test.each([
    ['an error without a type', undefined, true],
    ['an unavailable service', 'SERVICE_UNAVAILABLE', true],
    ['a refusal', 'FORBIDDEN', false],
    ['a query that is too large for GitHub', 'RESOURCE_LIMITS_EXCEEDED', false],
  ])('that is null for %s (%s) shows an outage: %s', (_, type, isUnreachable) => {
    const snapshot = read(null, { ...(type === undefined ? {} : { type }), message: 'No', path: ['r0'] });
    expect(snapshot).toMatchObject({ state: 'unknown', reason: 'No' });
    expect('unreachable' in snapshot).toBe(isUnreachable);
  });

  test('that is missing from the response is unknown', () => {
    expect(read(undefined)).toMatchObject({ state: 'unknown' });
    expect(read({ databaseId: 1 })).toMatchObject({ state: 'unknown' });
  });

  test('is read although another one has an error', () => {
    const response = GraphqlResponse.parse({
      data: { r0: repository(), r1: null },
      errors: [{ type: 'FORBIDDEN', message: 'no', path: ['r1'] }],
    });
    const snapshots = parseSnapshots(response, [request, request], 7);
    expect(snapshots.map(({ state }) => state)).toEqual(['read', 'unknown']);
  });

  test('that is empty has no branch and no files', () => {
    const empty = readContents(repository({}, { defaultBranchRef: null }));
    expect(empty.defaultBranch).toBeNull();
    expect(empty.files['dispatching.yml']).toEqual({ state: 'absent' });
  });

  test('whose default branch GitHub failed to look up is unknown, not empty', () => {
    const error = { message: 'Timeout', path: ['r0', 'defaultBranchRef'] };
    expect(read(repository({}, { defaultBranchRef: null }), error)).toEqual({
      state: 'unknown',
      reason: 'Timeout',
      unreachable: { retryAt: null },
    });
  });
});

describe('a file', () => {
  const top = (entry: unknown, ...errors: object[]) =>
    readContents(repository({ top: entry }), ...errors).files['dispatching.yml'];

  test.each([
    ['null without an error', null, []],
    ['null and not found', null, [notFound([...branchPath, 'top'])]],
    [
      'null and not found, in an error without a type',
      null,
      [{ message: "Could not resolve file for path 'dispatching.yml'.", path: [...branchPath, 'top'] }],
    ],
  ])('%s is absent', (_, entry, errors) => {
    expect(top(entry, ...errors)).toEqual({ state: 'absent' });
  });

  test('null with another error is unknown', () => {
    expect(top(null, { message: 'Timeout', path: [...branchPath, 'top'] })).toMatchObject({
      state: 'unknown',
      reason: 'Timeout',
    });
  });

  test('null with an error without a path is unknown', () => {
    expect(top(null, { message: 'Something went wrong' })).toEqual({
      state: 'unknown',
      reason: 'Something went wrong',
      unreachable: { retryAt: null },
    });
  });

  test('whose text GitHub failed to return is unknown', () => {
    const error = { message: 'Timeout', path: [...branchPath, 'top', 'object', 'text'] };
    expect(top(blob(null, { isBinary: false }), error)).toMatchObject({ state: 'unknown', reason: 'Timeout' });
    expect(top(blob(null, { isBinary: false }))).toMatchObject({ state: 'unknown' });
  });

  test('that is binary has no text', () => {
    expect(top(blob(null))).toMatchObject({ state: 'read', isBinary: true, text: null });
    expect(top(blob(null, { isBinary: null }))).toMatchObject({ state: 'read', isBinary: true, text: null });
  });

  test.each([
    ['directory', { mode: 0o040000, type: 'tree', object: { __typename: 'Tree' } }],
    ['symbolic link', { ...blob('../other.yml'), mode: 0o120000 }],
    ['submodule', { mode: 0o160000, type: 'commit', object: null }],
  ])('that is a %s is not a file', (kind, entry) => {
    expect(top(entry)).toEqual({ state: 'not-a-file', kind });
  });

  test('that is executable is a file', () => {
    expect(top({ ...blob('a: b'), mode: 0o100755 })).toMatchObject({ state: 'read' });
  });

  test('that is missing from the response is unknown', () => {
    expect(top(undefined)).toMatchObject({ state: 'unknown' });
  });
});

describe('a ref', () => {
  const ref = (h0: unknown, t0: unknown, ...errors: object[]) =>
    readContents(repository({}, { h0, t0 }), ...errors).refs['v1'];

  test.each([
    ['branch', { name: 'v1' }, null],
    ['branch', { name: 'v1' }, { name: 'v1' }],
    ['tag', null, { name: 'v1' }],
    ['absent', null, null],
  ])('is %s', (expected, h0, t0) => {
    expect(ref(h0, t0)).toBe(expected);
  });

  test('that GitHub failed to look up is unknown', () => {
    expect(ref(null, null, { message: 'Timeout', path: ['r0', 't0'] })).toBe('unknown');
    expect(ref(null, { name: 'v1' }, { message: 'Timeout', path: ['r0', 'h0'] })).toBe('unknown');
  });
});

describe('the head of a run', () => {
  const sha = 'a'.repeat(40);
  const tip = 'b'.repeat(40);
  const heads = [{ name: 'main', sha }];
  const head = (b0: unknown, g0: unknown, ...errors: object[]) => {
    const response = GraphqlResponse.parse({ data: { r0: repository({}, { b0, g0 }) }, errors });
    const [snapshot] = parseSnapshots(response, [{ ...request, heads }], 7);
    if (snapshot?.state !== 'read') throw new Error(JSON.stringify(snapshot));
    return snapshot.heads?.[0];
  };
  const branch = (status: string, compared = sha) => ({
    target: { oid: tip },
    compare: { status, headTarget: { oid: compared } },
  });
  const commit = { target: { __typename: 'Commit', oid: sha } };
  const error = (path: (string | number)[]) => ({ message: 'Timeout', path: ['r0', ...path] });

  test.each([
    ['IDENTICAL', 'identical'],
    ['BEHIND', 'behind'],
    ['AHEAD', 'ahead'],
    ['DIVERGED', 'diverged'],
  ])('with a branch that GitHub compares as %s', (status, comparison) => {
    expect(head(branch(status), null)).toEqual({
      name: 'main',
      sha,
      branch: { state: 'read', sha: tip, comparison },
      tag: { state: 'absent' },
    });
  });

  test.each([
    ['no comparison', { target: { oid: tip }, compare: null }, []],
    [
      'a comparison that GitHub does not find',
      { target: { oid: tip }, compare: null },
      [notFound(['r0', 'b0', 'compare'])],
    ],
    ['a comparison with another commit', branch('IDENTICAL', tip), []],
  ])('with a branch and %s is not comparable', (_, b0, errors) => {
    expect(head(b0, null, ...errors)?.branch).toEqual({ state: 'read', sha: tip, comparison: 'not-comparable' });
  });

  test.each([
    ['that is null with an error', null, [error(['b0'])]],
    ['whose comparison failed', { target: { oid: tip }, compare: null }, [error(['b0', 'compare'])]],
    ['whose target failed', { target: null, compare: null }, [error(['b0', 'target'])]],
    [
      'whose target and comparison failed',
      { target: null, compare: null },
      [notFound(['r0', 'b0', 'compare']), error(['b0', 'target'])],
    ],
    ['with a new status', branch('NEW'), []],
    ['that is missing from the response', undefined, []],
  ])('with a branch %s is unknown, never absent', (_, b0, errors) => {
    expect(head(b0, null, ...errors)?.branch.state).toBe('unknown');
  });

  test.each([
    ['lightweight', commit],
    ['annotated', { target: { __typename: 'Tag', oid: tip, target: commit.target } }],
    [
      'annotated twice',
      { target: { __typename: 'Tag', oid: tip, target: { __typename: 'Tag', oid: tip, target: commit.target } } },
    ],
  ])('with a tag that is %s has the commit of the tag', (_, g0) => {
    expect(head(null, g0)).toMatchObject({ branch: { state: 'absent' }, tag: { state: 'read', sha } });
  });

  test('with a tag of a file or directory has no commit', () => {
    expect(head(null, { target: { __typename: 'Blob', oid: sha } })?.tag).toEqual({ state: 'read', sha: null });
    expect(
      head(null, { target: { __typename: 'Tag', oid: tip, target: { __typename: 'Tree', oid: sha } } })?.tag,
    ).toEqual({
      state: 'read',
      sha: null,
    });
  });

  test.each([
    ['that is null with an error', null, [error(['g0'])]],
    ['whose target failed', { target: null }, [error(['g0', 'target'])]],
    ['without a target', { target: null }, []],
    ['that is missing from the response', undefined, []],
  ])('with a tag %s is unknown, never absent', (_, g0, errors) => {
    expect(head(null, g0, ...errors)?.tag.state).toBe('unknown');
  });

  test('is absent when GitHub says that neither ref exists', () => {
    expect(head(null, null, notFound(['r0', 'b0']), notFound(['r0', 'g0']))).toMatchObject({
      branch: { state: 'absent' },
      tag: { state: 'absent' },
    });
  });
});

describe('a response', () => {
  test.each([[''], ['{"data":{"r0":{'], [null], [undefined], [[]], [{}], [{ message: 'Bad gateway' }]])(
    '%j is rejected',
    (body) => {
      expect(GraphqlResponse.safeParse(body).success).toBe(false);
    },
  );

  test.each(['RATE_LIMITED', 'RATE_LIMIT'])('with %s is a rate limit', (type) => {
    const response = GraphqlResponse.parse({ data: null, errors: [{ type, message: 'API rate limit exceeded' }] });
    expect(rateLimitMessage(response)).toBe('API rate limit exceeded');
  });

  test('with RESOURCE_LIMITS_EXCEEDED exceeds the resource limits', () => {
    const response = GraphqlResponse.parse({ data: {}, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'x' }] });
    expect(exceedsResourceLimits(response)).toBe(true);
  });
});
