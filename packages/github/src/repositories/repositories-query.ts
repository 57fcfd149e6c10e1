import { policyPath, type TargetRequest } from '@dispatcher/contracts';

export interface GraphqlQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The two locations of a dispatching.yml, with the alias of each in the query. */
export const configFileAliases = { 'dispatching.yml': 'top', '.github/dispatching.yml': 'dotgithub' } as const;

/** The alias of an owner's policy. */
export const policyAlias = 'policy';

/** Paths with the wrong extension, with the alias of each. Only their existence is read, to name it in a message. */
export const misnamedFileAliases = {
  'dispatching.yaml': 'topYaml',
  '.github/dispatching.yaml': 'dotgithubYaml',
} as const;

/** The fields of a commit that read both locations of a dispatching.yml. */
export const configSelections: readonly string[] = [
  ...Object.entries(configFileAliases).map(([path, alias]) => `${alias}: file(path: "${path}") { ...Entry }`),
  ...Object.entries(misnamedFileAliases).map(([path, alias]) => `${alias}: file(path: "${path}") { mode }`),
];

/** The fragments that every query of repositories uses. */
export const repositoryFragments = `fragment Facts on Repository { databaseId name owner { login } isArchived isDisabled isLocked visibility }
fragment Entry on TreeEntry { mode type object { __typename ... on Blob { oid byteSize isBinary isTruncated text } } }`;

/**
 * Builds one GraphQL query that reads what `RepositorySnapshot` holds of several repositories, under the aliases `r0`,
 * `r1`, ….
 *
 * It reads files by `Commit.file` instead of `object(expression:)` for two reasons: the tree entry has the mode, which
 * alone distinguishes a symbolic link from a file; and all files of a repository come from the one commit whose id is
 * returned. Every value that comes from a user is a variable. The query has no connections, so it costs about one point
 * whatever its size.
 */
export function repositoriesQuery(requests: readonly TargetRequest[]): GraphqlQuery {
  const variables: Record<string, string> = {};
  const variable = (name: string, value: string) => {
    variables[name] = value;
    return `$${name}`;
  };
  const selections = requests.map((request, index) => repositorySelection(request, index, variable));
  const declarations = Object.keys(variables).map((name) => `$${name}: String!`);
  const query = `query ReadRepositories(${declarations.join(', ')}) {
${selections.join('\n')}
  rateLimit { cost limit remaining resetAt }
}
${needsHeads(requests) ? `${headFragments}\n` : ''}${repositoryFragments}`;
  return { query, variables };
}

/**
 * `compare` says whether the branch contains the commit. A commit id as `headRef` is not ambiguous, and the response
 * names the commit that was compared. An annotated tag of an annotated tag is followed twice.
 */
const headFragments = `fragment Branch on Ref { target { oid } }
fragment Tag on Ref { target { ...Peeled ... on Tag { target { ...Peeled ... on Tag { target { ...Peeled } } } } } }
fragment Peeled on GitObject { __typename oid }`;

function needsHeads(requests: readonly TargetRequest[]): boolean {
  return requests.some(({ heads = [] }) => heads.length > 0);
}

function repositorySelection(
  request: TargetRequest,
  index: number,
  variable: (name: string, value: string) => string,
): string {
  const owner = variable(`o${index}`, request.owner);
  const name = variable(`n${index}`, request.name);
  const policy = request.policy === undefined ? [] : [`${policyAlias}: file(path: "${policyPath}") { ...Entry }`];
  const files = request.policy === 'only' ? policy : [...configSelections, ...policy];
  const workflows = request.workflows.map((file, at) => {
    const path = variable(`w${index}_${at}`, `.github/workflows/${file}`);
    return `w${at}: file(path: ${path}) { ...Entry }`;
  });
  const refs = request.refs.flatMap((ref, at) => [
    `h${at}: ref(qualifiedName: ${variable(`h${index}_${at}`, `refs/heads/${ref}`)}) { name }`,
    `t${at}: ref(qualifiedName: ${variable(`t${index}_${at}`, `refs/tags/${ref}`)}) { name }`,
  ]);
  const heads = (request.heads ?? []).flatMap(({ name, sha }, at) => [
    `b${at}: ref(qualifiedName: ${variable(`b${index}_${at}`, `refs/heads/${name}`)}) {
      ...Branch compare(headRef: ${variable(`s${index}_${at}`, sha)}) { status headTarget { oid } }
    }`,
    `g${at}: ref(qualifiedName: ${variable(`g${index}_${at}`, `refs/tags/${name}`)}) { ...Tag }`,
  ]);
  return `  r${index}: repository(owner: ${owner}, name: ${name}, followRenames: false) {
    ...Facts
    defaultBranchRef { name target { __typename oid ... on Commit {
      ${[...files, ...workflows].join('\n      ')}
    } } }
    ${[...refs, ...heads].join('\n    ')}
  }`;
}
