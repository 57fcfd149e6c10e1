import { createHash } from 'node:crypto';

/** A file as a seed or a push writes it: text, bytes, a symbolic link's target, or the commit a submodule points to. */
export type FileContent =
  | string
  | { readonly base64: string }
  | { readonly symlink: string }
  | { readonly submodule: string };

/** Files by their path from the root, with `/` between the parts. */
export type Files = Readonly<Record<string, FileContent>>;

export interface BlobNode {
  readonly type: 'blob';
  readonly oid: string;
  readonly mode: number;
  readonly bytes: Buffer;
}
/** A submodule's commit: git stores its id and nothing else, so the object cannot be read from this repository. */
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
const TEXT_LIMIT = 512_000;
const BINARY_PROBE = 8_000;

/** Git's own object id: SHA-1 of `<type> <length>\0<bytes>`. */
export function objectId(type: 'blob' | 'tree' | 'commit', bytes: Buffer): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

export function commitId(commit: {
  readonly treeOid: string;
  readonly parent: string | null;
  readonly seconds: number;
  readonly message: string;
}): string {
  const who = `Octo Cat <octocat@users.noreply.github.com> ${commit.seconds} +0000`;
  const parent = commit.parent === null ? '' : `parent ${commit.parent}\n`;
  const text = `tree ${commit.treeOid}\n${parent}author ${who}\ncommitter ${who}\n\n${commit.message}\n`;
  return objectId('commit', Buffer.from(text));
}

/**
 * Throws where two paths contradict each other (`a` a file and `a/b` below it) or a path is not a plain relative one.
 */
export function buildTree(files: Files): TreeNode {
  const root: Directory = new Map();
  for (const [path, content] of Object.entries(files)) {
    insert(root, path, content);
  }
  return treeNode(root);
}

/** The node at a path, `''` being the root; null where nothing is there. */
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
  return bytes.subarray(0, BINARY_PROBE).includes(0);
}

/** Text as GitHub's GraphQL gives it: null for a binary blob, cut at 512,000 bytes on a character's border. */
export function textOf(bytes: Buffer): { readonly text: string | null; readonly isTruncated: boolean } {
  const isTruncated = bytes.length > TEXT_LIMIT;
  if (isBinary(bytes)) {
    return { text: null, isTruncated };
  }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return { text: decoder.decode(bytes.subarray(0, TEXT_LIMIT), { stream: isTruncated }), isTruncated };
}

type Directory = Map<string, Directory | FileContent>;

function insert(root: Directory, path: string, content: FileContent): void {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if ([...parts, name].some((part) => part === '' || part === '.' || part === '..')) {
    throw new Error(`"${path}" is no path of a file: write it from the repository's root, as in "docs/a.md".`);
  }
  let directory = root;
  for (const part of parts) {
    const next = directory.get(part) ?? new Map();
    if (!(next instanceof Map)) {
      throw new Error(`"${path}" lies below "${part}", which is a file. Remove one of the two.`);
    }
    directory.set(part, next);
    directory = next;
  }
  if (directory.has(name)) {
    throw new Error(`"${path}" is a file and a directory at once. Remove one of the two.`);
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

/** Git sorts a directory as if its name ended in a slash; any other order gives another tree id. */
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
