import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema, isInterfaceType, isObjectType, parse, validate } from 'graphql';
import type { Push } from '../control/control-client.ts';
import type { Emulator } from '../emulator.ts';
import { objectId } from '../state/git-objects.ts';
import { prunedSchema, publishedSchema } from '../tools/prune-schema.ts';
import { client, mint, startExample } from '../testing/example-emulator.ts';

const SDL = readFileSync(new URL('./github.graphql', import.meta.url), 'utf8');
const published = publishedSchema();
const ENTRY = 'mode type object { __typename ... on Blob { oid byteSize isBinary isTruncated text } }';
const READ = `query Read($owner: String!, $name: String!, $path: String!, $expression: String!, $ref: String!) {
  one: repository(owner: $owner, name: $name, followRenames: false) {
    id databaseId name nameWithOwner owner { login } isArchived isDisabled isEmpty isLocked visibility
    defaultBranchRef { name target { __typename oid ... on Commit { file(path: $path) { ${ENTRY} } } } }
    object(expression: $expression) { __typename oid ... on Blob { text isTruncated isBinary } ... on Tree { entries { name mode } } }
    ref(qualifiedName: $ref) { name prefix target { oid } }
  }
  rateLimit { cost limit remaining resetAt }
}`;

interface BlobResponse {
  readonly oid: string;
  readonly text: string;
}
interface RepositoryResponse {
  readonly defaultBranchRef: {
    readonly target: { readonly oid: string; readonly file: { readonly object: BlobResponse } };
  };
  readonly object: BlobResponse;
  readonly ref: object;
}
interface QueryResponse {
  readonly data: { readonly one: RepositoryResponse; readonly rateLimit: object };
  readonly errors?: readonly { readonly type?: string; readonly path?: readonly string[]; readonly message: string }[];
}

describe("the emulator's schema", () => {
  test('is what the script writes', () => {
    expect(prunedSchema(published)).toBe(SDL);
  });

  test('has the fields of GitHub’s schema, with the same types and arguments', () => {
    const types = Object.values(buildSchema(SDL).getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    const fields = types
      .filter((type) => isObjectType(type) || isInterfaceType(type))
      .flatMap((type) => Object.values(type.getFields()).map((field) => [type.name, field] as const));
    expect(fields.length).toBeGreaterThan(60);
    for (const [typeName, field] of fields) {
      const theirs = published.getType(typeName);
      const publishedField =
        isObjectType(theirs) || isInterfaceType(theirs) ? theirs.getFields()[field.name] : undefined;
      expect(`${typeName}.${field.name}: ${String(field.type)}`).toBe(
        `${typeName}.${field.name}: ${String(publishedField?.type)}`,
      );
      expect(field.args.map(String)).toEqual(publishedField?.args.map(String));
    }
  });

  test('the query of these tests is valid in the complete published schema', () => {
    expect(validate(published, parse(READ))).toEqual([]);
  });
});

describe('reading a repository', () => {
  let emulator: Emulator;
  let token: string;

  beforeEach(async () => {
    emulator = await startExample();
    token = await mint(emulator, 'octo-org', { permissions: { contents: 'read' } });
  });
  afterEach(() => emulator.close());

  const execute = async (
    query: string,
    variables: Record<string, unknown> = {},
    credential = token,
  ): Promise<QueryResponse> =>
    (await client(emulator, credential).request('POST /graphql', { data: JSON.stringify({ query, variables }) })).data;
  const read = (change: Record<string, string> = {}, credential = token): Promise<QueryResponse> =>
    execute(
      READ,
      {
        owner: 'octo-org',
        name: 'app',
        path: 'dispatching.yml',
        expression: 'HEAD:dispatching.yml',
        ref: 'refs/heads/main',
        ...change,
      },
      credential,
    );
  const file = async (
    files: Record<string, string | { base64: string } | { symlink: string } | { submodule: string }>,
  ) => {
    await emulator.control.push('octo-org/app', { files });
    return (await read({ path: 'it', expression: 'HEAD:it' })).data.one;
  };

  test('returns its flags, its default branch and the file, with git’s blob id', async () => {
    const { data, errors } = await read();
    const { text, oid } = data.one.defaultBranchRef.target.file.object;
    expect(errors).toBeUndefined();
    expect(data.one).toMatchObject({
      nameWithOwner: 'octo-org/app',
      visibility: 'PRIVATE',
      isArchived: false,
      isEmpty: false,
    });
    expect(text).toContain('outbound:');
    expect(oid).toBe(objectId('blob', Buffer.from(text)));
    expect(data.one.object).toMatchObject({ __typename: 'Blob', oid, text });
    expect(data.one.ref).toMatchObject({ name: 'main', target: { oid: data.one.defaultBranchRef.target.oid } });
    expect(data.rateLimit).toMatchObject({ cost: 1, limit: 5000, remaining: 4999 });
  });

  test('a commit read by its id is unchanged after a push', async () => {
    const { oid } = (await read()).data.one.defaultBranchRef.target;
    await emulator.control.push('octo-org/app', { files: { 'dispatching.yml': 'outbound: []\n' } });
    expect((await read()).data.one.object.text).toBe('outbound: []\n');
    expect((await read({ expression: `${oid}:dispatching.yml` })).data.one.object.text).toContain('workflow: ci.yml');
  });

  test('a missing path is null: as an object without an error, as a file with NOT_FOUND', async () => {
    const { data, errors } = await read({ path: 'nope', expression: 'HEAD:nope', ref: 'refs/heads/nope' });
    expect(data.one).toMatchObject({ object: null, ref: null });
    expect(errors).toMatchObject([
      {
        type: 'NOT_FOUND',
        path: ['one', 'defaultBranchRef', 'target', 'file'],
        message: "Could not resolve file for path 'nope'.",
      },
    ]);
  });

  test('the tree entry distinguishes a directory, a symbolic link and a submodule', async () => {
    const directory = await file({ 'it/a.txt': 'a' });
    expect(directory.defaultBranchRef.target.file).toMatchObject({ mode: 0o040000, type: 'tree' });
    expect(directory.object).toMatchObject({ __typename: 'Tree', entries: [{ name: 'a.txt', mode: 0o100644 }] });
    await emulator.control.push('octo-org/app', { files: { 'it/a.txt': null } });
    const link = await file({ it: { symlink: 'other.yml' } });
    expect(link.defaultBranchRef.target.file).toMatchObject({
      mode: 0o120000,
      type: 'blob',
      object: { text: 'other.yml' },
    });
    const submodule = await file({ it: { submodule: '1234567890123456789012345678901234567890' } });
    expect(submodule.defaultBranchRef.target.file).toEqual({ mode: 0o160000, type: 'commit', object: null });
    expect(submodule.object).toBeNull();
  });

  test('a binary file has no text, and a long file is truncated', async () => {
    expect((await file({ it: { base64: Buffer.from([1, 0, 2]).toString('base64') } })).object).toMatchObject({
      isBinary: true,
      text: null,
    });
    const { object } = await file({ it: 'x'.repeat(600_000) });
    expect(object).toMatchObject({ isTruncated: true, isBinary: false });
    expect(object.text).toHaveLength(512_000);
  });

  test('an empty repository has no default branch', async () => {
    await emulator.control.putRepository({ owner: 'octo-org', name: 'empty' });
    const { data, errors } = await read({ name: 'empty' });
    expect(errors).toBeUndefined();
    expect(data.one).toMatchObject({ isEmpty: true, defaultBranchRef: null, object: null, ref: null });
  });

  describe('comparing a ref with a commit', () => {
    const COMPARE = `query Compare($ref: String!, $tag: String!, $head: String!) {
      repository(owner: "octo-org", name: "app", followRenames: false) {
        branch: ref(qualifiedName: $ref) {
          name target { oid }
          compare(headRef: $head) { status aheadBy behindBy baseTarget { oid } headTarget { oid } }
        }
        tag: ref(qualifiedName: $tag) {
          name prefix
          target { __typename oid ... on Tag { name message target { __typename oid ... on Tag { target { oid } } } } }
        }
      }
    }`;
    const compare = async (head: string, ref = 'refs/heads/main', tag = 'refs/tags/none') => {
      const { data, errors } = await execute(COMPARE, { ref, tag, head });
      expect(errors).toBeUndefined();
      return (data as unknown as { repository: { branch: { compare: object | null } | null; tag: object | null } })
        .repository;
    };
    const push = async (push: Partial<Push> = {}) =>
      (await emulator.control.push('octo-org/app', { files: { 'README.md': `# ${JSON.stringify(push)}\n` }, ...push }))
        .sha;
    const setRef = (ref: string, target: string, message?: string) =>
      emulator.control.setRef('octo-org/app', { ref, target, ...(message === undefined ? {} : { message }) });

    test('is valid in the complete schema', () => {
      expect(validate(published, parse(COMPARE))).toEqual([]);
    });

    test('its head is IDENTICAL, an earlier commit BEHIND, a commit of a new branch AHEAD', async () => {
      const older = await push();
      const newer = await push({ message: 'Next' });
      const feature = await push({ branch: 'feature' });
      expect((await compare(newer)).branch?.compare).toMatchObject({ status: 'IDENTICAL', aheadBy: 0, behindBy: 0 });
      expect((await compare(older)).branch?.compare).toMatchObject({
        status: 'BEHIND',
        aheadBy: 0,
        behindBy: 1,
        baseTarget: { oid: newer },
        headTarget: { oid: older },
      });
      expect((await compare(feature)).branch?.compare).toMatchObject({ status: 'AHEAD', aheadBy: 1, behindBy: 0 });
    });

    test('a merged commit is BEHIND, a commit that a forced push removed DIVERGED', async () => {
      const feature = await push({ branch: 'feature' });
      const old = await push({ message: 'Old' });
      await push({ merge: 'feature', message: 'Merge' });
      expect((await compare(feature)).branch?.compare).toMatchObject({ status: 'BEHIND' });
      await push({ parent: feature, message: 'Rewritten' });
      expect((await compare(old)).branch?.compare).toMatchObject({ status: 'DIVERGED' });
    });

    test('an unknown commit, an unrelated history and a deleted branch are null', async () => {
      const sha = await push({ branch: 'feature' });
      expect((await compare('0'.repeat(40))).branch).toMatchObject({ compare: null });
      await emulator.control.putRepository({
        owner: 'octo-org',
        name: 'app',
        branches: { main: { files: { 'other.txt': 'x' } } },
      });
      expect((await compare(sha)).branch).toMatchObject({ compare: null });
      await emulator.control.deleteRef('octo-org/app', 'refs/heads/main');
      expect((await compare(sha)).branch).toBeNull();
      await expect(emulator.control.deleteRef('octo-org/app', 'refs/heads/main')).rejects.toThrow('has no ref');
    });

    test('a lightweight tag points to a commit, an annotated one to its object', async () => {
      const sha = await push();
      await setRef('refs/tags/light', sha);
      await setRef('refs/tags/v1', 'light', 'The first');
      await setRef('refs/tags/v1-retagged', 'v1', 'Once more');
      expect((await compare(sha, 'refs/heads/main', 'refs/tags/light')).tag).toEqual({
        name: 'light',
        prefix: 'refs/tags/',
        target: { __typename: 'Commit', oid: sha },
      });
      expect((await compare(sha, 'refs/heads/main', 'refs/tags/v1')).tag).toMatchObject({
        target: { __typename: 'Tag', name: 'v1', message: 'The first', target: { __typename: 'Commit', oid: sha } },
      });
      expect((await compare(sha, 'refs/heads/main', 'refs/tags/v1-retagged')).tag).toMatchObject({
        target: { __typename: 'Tag', target: { __typename: 'Tag', target: { oid: sha } } },
      });
    });

    test('a tag may have the name of a branch, and no ref the form of a commit id', async () => {
      const main = await push();
      const sha = await push({ branch: 'feature' });
      await setRef('refs/tags/main', sha);
      expect(await compare(sha, 'refs/heads/main', 'refs/tags/main')).toMatchObject({
        branch: { name: 'main', target: { oid: main } },
        tag: { name: 'main', target: { oid: sha } },
      });
      const { run } = await emulator.control.run({
        repository: 'octo-org/app',
        workflow: 'ci.yml',
        branch: 'refs/tags/main',
      });
      expect(run).toMatchObject({ headBranch: 'main', headSha: sha });
      await expect(setRef(`refs/heads/${'a'.repeat(40)}`, sha)).rejects.toThrow('GH002');
      await expect(setRef('main', sha)).rejects.toThrow('not a full ref');
      await expect(setRef('refs/tags/v2', 'nothing')).rejects.toThrow('no commit, branch or tag');
    });
  });

  test('a private repository outside the installation is not found; a public one is', async () => {
    const other = { owner: 'octo-partner', name: 'service' };
    expect(await read(other)).toMatchObject({
      data: { one: null },
      errors: [
        {
          type: 'NOT_FOUND',
          path: ['one'],
          message: "Could not resolve to a Repository with the name 'octo-partner/service'.",
        },
      ],
    });
    await emulator.control.changeRepository('octo-partner/service', { visibility: 'public' });
    expect((await read(other)).data.one.object.text).toContain('inbound:');
  });

  test('a token without `contents` gets the flags, and FORBIDDEN for git objects', async () => {
    const { data, errors } = await read({}, await mint(emulator, 'octo-org', { permissions: { actions: 'read' } }));
    expect(data.one).toMatchObject({ name: 'app', defaultBranchRef: null, object: null, ref: null });
    expect(errors?.map(({ type, message }) => `${type}: ${message}`)).toEqual(
      Array.from({ length: 3 }, () => 'FORBIDDEN: Resource not accessible by integration'),
    );
  });

  test('an error for one of two repositories leaves the other', async () => {
    const { data, errors } = await execute(
      '{ a: repository(owner: "octo-org", name: "gone") { id } b: repository(owner: "OCTO-ORG", name: "App") { nameWithOwner } }',
    );
    expect(data).toEqual({ a: null, b: { nameWithOwner: 'octo-org/app' } });
    expect(errors).toHaveLength(1);
  });

  test('an invalid query returns errors with HTTP 200; a missing credential 401', async () => {
    expect((await execute('{ repository(owner: "a", name: "b") { nothing } }')).errors?.[0]?.message).toContain(
      'nothing',
    );
    expect((await execute('{ nonsense')).errors).toHaveLength(1);
    const response = await fetch(`${emulator.url}/graphql`, { method: 'POST', body: JSON.stringify({ query: READ }) });
    expect(response.status).toBe(401);
  });

  test("the same query works at GHES's path", async () => {
    const response = await fetch(`${emulator.url}/api/graphql`, {
      method: 'POST',
      headers: { authorization: `bearer ${token}` },
      body: JSON.stringify({ query: '{ repository(owner: "octo-org", name: "app") { name } }' }),
    });
    expect(await response.json()).toEqual({ data: { repository: { name: 'app' } } });
  });

  test('a request over the rate limit returns RATE_LIMITED with HTTP 200', async () => {
    await emulator.control.changeSettings({ rateLimit: 1 });
    await read();
    expect((await read()).errors).toMatchObject([{ type: 'RATE_LIMITED' }]);
  });
});
