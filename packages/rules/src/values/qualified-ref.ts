/** A ref as a rule or a request writes it: `v1`, or `refs/tags/v1` where a branch has the same name. */
export interface QualifiedRef {
  /** Null for a bare name, which GitHub takes as a branch if there is one, and as a tag otherwise. */
  readonly type: 'branch' | 'tag' | null;
  readonly name: string;
}

export function qualifiedRef(text: string): QualifiedRef {
  if (text.startsWith('refs/heads/')) return { type: 'branch', name: text.slice('refs/heads/'.length) };
  if (text.startsWith('refs/tags/')) return { type: 'tag', name: text.slice('refs/tags/'.length) };
  return { type: null, name: text };
}

/** Returns whether a ref is the default branch, and not a tag with its name. */
export function isDefaultBranch(ref: string, defaultBranch: string): boolean {
  const { type, name } = qualifiedRef(ref);
  return type !== 'tag' && name === defaultBranch;
}
