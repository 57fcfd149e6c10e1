import { createHash } from 'node:crypto';

/** Content of a file in a seed or a push: text, bytes, the target of a symbolic link, or the commit of a submodule. */
export type FileContent =
  | string
  | { readonly base64: string }
  | { readonly symlink: string }
  | { readonly submodule: string };

/** Files by their path from the repository's root, separated by `/`. */
export type Files = Readonly<Record<string, FileContent>>;

export interface BlobNode {
  readonly type: 'blob';
  readonly oid: string;
  readonly mode: number;
  readonly bytes: Buffer;
}
/** The commit of a submodule. Git stores only its id, so the object cannot be read from this repository. */
export interface CommitNode {
  readonly type: 'commit';
  readonly oid: string;
  readonly mode: number;
}
export interface TreeNode {
  readonly type: 'tree';
  readonly oid: string;
  readonly mode: number;
  readonly entries: ReadonlyMap<string, GitNode>;
}
export type GitNode = BlobNode | CommitNode | TreeNode;

const MODE = { file: 0o100644, symlink: 0o120000, submodule: 0o160000, tree: 0o040000 } as const;
const MAX_TEXT_BYTES = 512_000;
const BINARY_PROBE_BYTES = 8_000;

/** Returns git's object id: the SHA-1 of `<type> <length>\0<bytes>`. */
export function objectId(type: 'blob' | 'tree' | 'commit' | 'tag', bytes: Buffer): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

export function commitId(commit: {
  readonly treeOid: string;
  readonly parents: readonly string[];
  readonly seconds: number;
  readonly message: string;
}): string {
  const who = personAt(commit.seconds);
  const parents = commit.parents.map((parent) => `parent ${parent}\n`).join('');
  const text = `tree ${commit.treeOid}\n${parents}author ${who}\ncommitter ${who}\n\n${commit.message}\n`;
  return objectId('commit', Buffer.from(text));
}

/** Returns the id of an annotated tag's object. */
export function tagId(tag: {
  readonly target: string;
  readonly targetType: 'commit' | 'tag';
  readonly name: string;
  readonly seconds: number;
  readonly message: string;
}): string {
  const head = `object ${tag.target}\ntype ${tag.targetType}\ntag ${tag.name}\ntagger ${personAt(tag.seconds)}`;
  return objectId('tag', Buffer.from(`${head}\n\n${tag.message}\n`));
}

function personAt(seconds: number): string {
  return `Octo Cat <octocat@users.noreply.github.com> ${seconds} +0000`;
}

/**
 * Builds the tree of the files. Throws when a path is not a plain relative one, or when two contradict each other: `a`
 * and `a/b`.
 */
export function buildTree(files: Files): TreeNode {
  const root: Directory = new Map();
  for (const [path, content] of Object.entries(files)) {
    insert(root, path, content);
  }
  return treeNode(root);
}

/** Returns the node at a path, null when there is none. The path of the root is `''`. */
export function nodeAt(root: TreeNode, path: string): GitNode | null {
  let node: GitNode = root;
  for (const part of path.split('/').filter((part) => part !== '')) {
    const next: GitNode | undefined = node.type === 'tree' ? node.entries.get(part) : undefined;
    if (next === undefined) {
      return null;
    }
    node = next;
  }
  return node;
}

export function isBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, BINARY_PROBE_BYTES).includes(0);
}

/**
 * Returns the text as GitHub's GraphQL API does: null for a binary blob; truncated to 512,000 bytes of whole
 * characters.
 */
export function textOf(bytes: Buffer): { readonly text: string | null; readonly isTruncated: boolean } {
  const isTruncated = bytes.length > MAX_TEXT_BYTES;
  if (isBinary(bytes)) {
    return { text: null, isTruncated };
  }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return { text: decoder.decode(bytes.subarray(0, MAX_TEXT_BYTES), { stream: isTruncated }), isTruncated };
}

type Directory = Map<string, Directory | FileContent>;

function insert(root: Directory, path: string, content: FileContent): void {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if ([...parts, name].some((part) => part === '' || part === '.' || part === '..')) {
    throw new Error(
      `"${path}" is not a valid path. Write it relative to the repository's root, for example "docs/a.md".`,
    );
  }
  let directory = root;
  for (const part of parts) {
    const next = directory.get(part) ?? new Map();
    if (!(next instanceof Map)) {
      throw new Error(`"${path}" is below "${part}", which is a file. Remove one of the two.`);
    }
    directory.set(part, next);
    directory = next;
  }
  if (directory.has(name)) {
    throw new Error(`"${path}" is both a file and a directory. Remove one of the two.`);
  }
  directory.set(name, content);
}

function treeNode(directory: Directory): TreeNode {
  const entries = [...directory]
    .map(([name, child]) => ({ name, node: child instanceof Map ? treeNode(child) : fileNode(child) }))
    .sort((left, right) => Buffer.compare(sortKey(left), sortKey(right)));
  const bytes = Buffer.concat(
    entries.flatMap(({ name, node }) => [
      Buffer.from(`${node.mode.toString(8)} ${name}\0`),
      Buffer.from(node.oid, 'hex'),
    ]),
  );
  return {
    type: 'tree',
    oid: objectId('tree', bytes),
    mode: MODE.tree,
    entries: new Map(entries.map(({ name, node }) => [name, node])),
  };
}

/** Git sorts a directory as if its name ended in a slash. Any other order would change the tree's id. */
function sortKey(entry: { readonly name: string; readonly node: GitNode }): Buffer {
  return Buffer.from(entry.node.type === 'tree' ? `${entry.name}/` : entry.name);
}

function fileNode(content: FileContent): BlobNode | CommitNode {
  if (typeof content === 'string') {
    return blobNode(Buffer.from(content), MODE.file);
  }
  if ('base64' in content) {
    return blobNode(Buffer.from(content.base64, 'base64'), MODE.file);
  }
  if ('symlink' in content) {
    return blobNode(Buffer.from(content.symlink), MODE.symlink);
  }
  return { type: 'commit', oid: content.submodule, mode: MODE.submodule };
}

function blobNode(bytes: Buffer, mode: number): BlobNode {
  return { type: 'blob', oid: objectId('blob', bytes), mode, bytes };
}
