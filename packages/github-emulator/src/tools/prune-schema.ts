// Writes the part of GitHub's published schema that the emulator implements to graphql/github.graphql:
//   node packages/github-emulator/src/tools/prune-schema.ts
import { readFileSync, writeFileSync } from 'node:fs';
import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  print,
  printType,
} from 'graphql';

/** The fields that the emulator implements, by type. Interfaces that are not listed are left out. */
const IMPLEMENTED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Query: ['repository', 'rateLimit'],
  RateLimit: ['cost', 'limit', 'nodeCount', 'remaining', 'resetAt', 'used'],
  Node: ['id'],
  RepositoryOwner: ['id', 'login', 'url'],
  Organization: ['id', 'databaseId', 'login', 'url'],
  User: ['id', 'databaseId', 'login', 'url'],
  Repository: [
    'createdAt',
    'databaseId',
    'defaultBranchRef',
    'hasIssuesEnabled',
    'id',
    'isArchived',
    'isDisabled',
    'isEmpty',
    'isFork',
    'isLocked',
    'isPrivate',
    'name',
    'nameWithOwner',
    'object',
    'owner',
    'pushedAt',
    'ref',
    'url',
    'visibility',
  ],
  Ref: ['compare', 'id', 'name', 'prefix', 'repository', 'target'],
  Comparison: ['aheadBy', 'baseTarget', 'behindBy', 'commits', 'headTarget', 'id', 'status'],
  ComparisonCommitConnection: ['nodes', 'totalCount'],
  GitObject: ['abbreviatedOid', 'id', 'oid', 'repository'],
  Blob: ['abbreviatedOid', 'byteSize', 'id', 'isBinary', 'isTruncated', 'oid', 'repository', 'text'],
  Tree: ['abbreviatedOid', 'entries', 'id', 'oid', 'repository'],
  TreeEntry: ['mode', 'name', 'object', 'oid', 'path', 'repository', 'size', 'submodule', 'type'],
  Submodule: ['branch', 'gitUrl', 'name', 'path', 'subprojectCommitOid'],
  Commit: [
    'abbreviatedOid',
    'committedDate',
    'file',
    'id',
    'message',
    'messageHeadline',
    'oid',
    'parents',
    'repository',
    'tree',
    'url',
  ],
  CommitConnection: ['nodes', 'totalCount'],
  Tag: ['abbreviatedOid', 'id', 'message', 'name', 'oid', 'repository', 'target'],
  ComparisonStatus: [],
  RepositoryVisibility: [],
  DateTime: [],
  GitObjectID: [],
  URI: [],
};

/** Returns GitHub's complete schema. Reads its JSON, because its SDL has a duplicate field. */
export function publishedSchema(): GraphQLSchema {
  // Read as a file: the package's entry point loads a second, older graphql.
  const path = new URL('./schema.json', import.meta.resolve('@octokit/graphql-schema'));
  const published = JSON.parse(readFileSync(path, 'utf8'));
  // The schema violates a newer rule about deprecation, so validation would refuse it.
  return buildClientSchema(published.data ?? published, { assumeValid: true });
}

export function prunedSchema(full: GraphQLSchema): string {
  const types = Object.keys(IMPLEMENTED_FIELDS).map((name) => {
    const type = full.getType(name);
    if (type === undefined) {
      throw new Error(
        `GitHub's schema no longer has the type "${name}". Remove it from this list and from the emulator.`,
      );
    }
    return printed(type, IMPLEMENTED_FIELDS[name] ?? []);
  });
  return `# Extracted from GitHub's published schema (@octokit/graphql-schema) by tools/prune-schema.ts\n\n${types.join('\n\n')}\n`;
}

function printed(type: GraphQLNamedType, fields: readonly string[]): string {
  if (isEnumType(type)) {
    return `enum ${type.name} {\n${type
      .getValues()
      .map(({ name }) => `  ${name}`)
      .join('\n')}\n}`;
  }
  if (isScalarType(type)) {
    return `scalar ${type.name}`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) {
    throw new Error(`"${printType(type).split('\n', 1)[0]}" is of a kind that this script does not support.`);
  }
  const interfaces = type
    .getInterfaces()
    .map(({ name }) => name)
    .filter((name) => name in IMPLEMENTED_FIELDS);
  const known = type.getFields();
  const lines = fields.map((name) => {
    const field = known[name];
    if (field === undefined) {
      throw new Error(`GitHub's type ${type.name} no longer has the field "${name}".`);
    }
    return `  ${printField(field)}`;
  });
  const implemented = interfaces.length === 0 ? '' : ` implements ${interfaces.join(' & ')}`;
  return `${isInterfaceType(type) ? 'interface' : 'type'} ${type.name}${implemented} {\n${lines.join('\n')}\n}`;
}

function printField(field: GraphQLField<unknown, unknown>): string {
  const args = field.args.map(({ name, type, default: value }) => {
    const printedDefault = value?.literal === undefined ? '' : ` = ${print(value.literal)}`;
    return `${name}: ${String(type)}${printedDefault}`;
  });
  return `${field.name}${args.length === 0 ? '' : `(${args.join(', ')})`}: ${String(field.type)}`;
}

if (import.meta.main) {
  writeFileSync(new URL('../graphql/github.graphql', import.meta.url), prunedSchema(publishedSchema()));
}
