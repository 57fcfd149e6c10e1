import { maxEventTypeLength } from '@dispatcher/contracts';
import { bareWorkflow } from './names.ts';
import { parseGlob, parsePattern } from './pattern.ts';
import type { Problem } from './problem.ts';

const owner = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?$/;
const name = /^[A-Za-z0-9._-]{1,100}$/;
const nameWithStars = /^[A-Za-z0-9._*-]{1,100}$/;

/** What a field's value looks like, for editors: the JSON Schema's `pattern`. The functions below say what is wrong. */
export const jsonPatterns = {
  workflow: '^(\\.github/workflows/)?[^/\\\\*?@]+\\.ya?ml$',
  repository: '^([A-Za-z0-9_-]+/)?[A-Za-z0-9._-]+$',
  repositoryPattern: '^([A-Za-z0-9_-]+/)?[A-Za-z0-9._*-]+$',
  id: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  inputName: '^[A-Za-z_][A-Za-z0-9_-]{0,99}$',
} as const;

export function problemOfWorkflow(text: string): Problem | null {
  const file = bareWorkflow(text);
  const example = 'write the file’s name, such as `ci.yml`';
  if (/[*?[\]]/.test(file)) return { message: 'a workflow is one file, without globs', fix: example };
  if (/[/\\]/.test(file)) return { message: 'a workflow stands directly in `.github/workflows`', fix: example };
  if (/\p{C}/u.test(file) || file !== file.trim() || file.length > 255) {
    return { message: 'a workflow’s name has characters that do not belong there, or is too long', fix: example };
  }
  if (!/^[^@]+\.ya?ml$/.test(file)) return { message: 'a workflow’s name ends in `.yml` or `.yaml`', fix: example };
  return null;
}

export function problemOfRepository(text: string): Problem | null {
  return problemOfFullName(text, name, 'write `name` for a repository of the same owner, or `owner/name`');
}

/** An inbound source: the owner is always written out or the file's own, the name may have `*`. */
export function problemOfRepositoryPattern(text: string): Problem | null {
  const fix = 'write `name`, `owner/name`, or `owner/*`';
  if (text.includes('/') && /[*]/.test(text.split('/')[0] ?? '')) {
    return { message: 'an owner cannot be a glob: anybody can make one', fix };
  }
  const problem = problemOfFullName(text, nameWithStars, fix);
  if (problem) return problem;
  const glob = parseGlob(text.split('/').at(-1) ?? '');
  return 'problem' in glob ? glob.problem : null;
}

function problemOfFullName(text: string, nameShape: RegExp, fix: string): Problem | null {
  const parts = text.split('/');
  const last = parts.at(-1) ?? '';
  if (/^https?:|^git@/.test(text)) return { message: 'this is an address', fix };
  if (parts.length > 2 || !nameShape.test(last) || last === '.' || last === '..') {
    return { message: 'this is no repository name', fix };
  }
  if (parts.length === 2 && !owner.test(parts[0] ?? '')) return { message: 'this is no owner’s name', fix };
  return null;
}

export function problemOfId(text: string): Problem | null {
  return new RegExp(jsonPatterns.id).test(text)
    ? null
    : { message: 'this is no id', fix: 'use up to 64 letters, digits, `.`, `_` and `-`, a letter or digit first' };
}

/** The name of an API key. It is compared exactly, so that no pattern may stand there. */
export function problemOfKeyName(text: string): Problem | null {
  return new RegExp(jsonPatterns.id).test(text)
    ? null
    : {
        message: 'this is no key’s name',
        fix: 'write the one name it was created with: up to 64 letters, digits, `.`, `_` and `-`, a letter or digit first',
      };
}

/** GitHub's own rule is the length alone; what cannot be seen is refused beside. */
export function problemOfEventType(text: string): Problem | null {
  const isType =
    text !== '' && text === text.trim() && !/\p{C}/u.test(text) && Array.from(text).length <= maxEventTypeLength;
  return isType
    ? null
    : { message: 'this is no event type', fix: `write 1 to ${maxEventTypeLength} characters, such as \`deploy\`` };
}

export function problemOfInputName(text: string): Problem | null {
  return new RegExp(jsonPatterns.inputName).test(text)
    ? null
    : {
        message: 'this is no input’s name',
        fix: 'use letters, digits, `_` and `-`, a letter or `_` first, as in the target’s workflow',
      };
}

/** A branch or tag of the target: Git's own rules for names, and what GitHub takes as `ref`. */
export function problemOfRef(text: string): Problem | null {
  const fix = 'write the name of a branch or tag of the target, such as `main`';
  if (text.includes('${{')) return { message: 'a ref cannot be a template', fix };
  if (text.startsWith('refs/')) return { message: 'a ref is written without `refs/heads/` or `refs/tags/`', fix };
  if (/^[0-9a-f]{40}$/i.test(text)) return { message: 'GitHub starts a branch or tag, never a commit', fix };
  if (/[*?[]/.test(text)) return { message: 'a ref is one name, without globs', fix };
  const isName =
    text !== '' &&
    text.length <= 255 &&
    !/[\p{C}\s~^:\\]|\.\.|@\{|\/\/|^[-/]|[/.]$|(?:^|\/)\.|\.lock(?:\/|$)/u.test(text) &&
    text !== '@';
  return isName ? null : { message: 'this is no name of a branch or tag', fix };
}

/** A list of branch or ref patterns as a whole. */
export function problemOfPatterns(patterns: readonly string[]): Problem | null {
  return patterns.length > 0 && patterns.every((pattern) => pattern.startsWith('!'))
    ? { message: 'a list of `!` patterns alone accepts nothing', fix: "put what is accepted before them, such as '**'" }
    : null;
}

export function problemOfPattern(text: string): Problem | null {
  const parsed = parsePattern(text);
  return 'problem' in parsed ? parsed.problem : null;
}
