import { maxEventTypeLength, type RequesterKind } from '@dispatcher/contracts';
import { isTargetPattern, workflowFileName } from './names.ts';
import { parseGlob, parsePattern } from './pattern.ts';
import { type Problem, quote } from './problem.ts';
import { qualifiedRef } from './qualified-ref.ts';
import { problemOfImpossiblePattern } from './ref-names.ts';

const owner = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?$/;
const name = /^[A-Za-z0-9._-]{1,100}$/;
const nameWithStars = /^[A-Za-z0-9._*-]{1,100}$/;

/** The `pattern` of fields in the JSON Schema, for editors. The functions below return precise messages. */
export const jsonPatterns = {
  workflow: '^(\\.github/workflows/)?[^/\\\\*?@]+\\.ya?ml$',
  repository: '^([A-Za-z0-9_-]+/)?[A-Za-z0-9._-]+$',
  target: '^([A-Za-z0-9_-]+/[A-Za-z0-9._-]+|[A-Za-z0-9._*-]+)$',
  repositoryPattern: '^([A-Za-z0-9_-]+/)?[A-Za-z0-9._*-]+$',
  id: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  checkName: '^\\S(.{0,48}\\S)?$',
  inputName: '^[A-Za-z_][A-Za-z0-9_-]{0,99}$',
} as const;

/** Returns what is wrong with a workflow, or null. */
export function problemOfWorkflow(text: string): Problem | null {
  const file = workflowFileName(text);
  const fix = 'write the file name of a workflow in `.github/workflows`, such as `ci.yml`';
  const refuse = (reason: string): Problem => ({ message: `workflow \`${quote(text)}\` ${reason}`, fix });
  if (/[*?[\]]/.test(file)) return refuse('is a pattern, but must be one file');
  if (/[/\\]/.test(file)) return refuse('is not directly in `.github/workflows`');
  if (/\p{C}/u.test(file) || file !== file.trim() || file.length > 255) {
    return refuse('contains invalid characters or is longer than 255 characters');
  }
  return /^[^@]+\.ya?ml$/.test(file) ? null : refuse('does not end in `.yml` or `.yaml`');
}

/** Returns what is wrong with a repository, or null. */
export function problemOfRepository(text: string): Problem | null {
  return problemOfFullName(text, name, 'write `name` for a repository of the same owner, or `owner/name`');
}

/** Returns what is wrong with the repository of an outbound target, or null. It is a name, or a pattern of bare names. */
export function problemOfTarget(text: string): Problem | null {
  if (!isTargetPattern(text)) return problemOfRepository(text);
  if (text.includes('/')) {
    return {
      message: `the pattern \`${quote(text)}\` contains an owner`,
      fix: 'remove the owner: a pattern means repositories of the same owner, and those of others are named',
    };
  }
  return problemOfRepositoryPattern(text);
}

/** Returns what is wrong with the source repository of an inbound rule, or null. The name may contain `*`. */
export function problemOfRepositoryPattern(text: string): Problem | null {
  const fix = 'write `name`, `owner/name`, or `owner/*`';
  if (text.includes('/') && /[*]/.test(text.split('/')[0] ?? '')) {
    // Anyone can create an owner with a matching name.
    return { message: `the owner in \`${quote(text)}\` must not be a pattern`, fix };
  }
  const problem = problemOfFullName(text, nameWithStars, fix);
  if (problem) return problem;
  const glob = parseGlob(text.split('/').at(-1) ?? '');
  return 'problem' in glob ? glob.problem : null;
}

function problemOfFullName(text: string, nameShape: RegExp, fix: string): Problem | null {
  const parts = text.split('/');
  const last = parts.at(-1) ?? '';
  if (/^https?:|^git@/.test(text)) return { message: `repository \`${quote(text)}\` is a URL`, fix };
  if (parts.length > 2 || !nameShape.test(last) || last === '.' || last === '..') {
    return { message: `\`${quote(text)}\` is not a valid repository name`, fix };
  }
  if (parts.length === 2 && !owner.test(parts[0] ?? '')) {
    return { message: `the owner in \`${quote(text)}\` is not valid`, fix };
  }
  return null;
}

/** Returns what is wrong with the id of a target, or null. */
export function problemOfId(text: string): Problem | null {
  return new RegExp(jsonPatterns.id).test(text)
    ? null
    : {
        message: `id \`${quote(text)}\` is not valid`,
        fix: 'use up to 64 letters, digits, `.`, `_` and `-`, starting with a letter or digit',
      };
}

/** Returns what is wrong with the name of a check, or null. `dispatching.yml` is the name of Dispatcher's own check. */
export function problemOfCheckName(text: string): Problem | null {
  const isName = new RegExp(jsonPatterns.checkName, 'u').test(text) && !/\p{C}/u.test(text);
  const refuse = (reason: string, fix: string): Problem => ({ message: `check \`${quote(text)}\` ${reason}`, fix });
  if (!isName) return refuse('is not a valid name', 'write 1 to 50 visible characters, such as `deploy to staging`');
  return text.toLowerCase() === 'dispatching.yml'
    ? refuse('is the name of Dispatcher’s own check of the file', 'choose another name')
    : null;
}

/** Returns what is wrong with the name of an API key, a schedule or a webhook, or null. */
export function problemOfRequesterName(kind: RequesterKind, text: string): Problem | null {
  return new RegExp(jsonPatterns.id).test(text)
    ? null
    : {
        message: `${kind} name \`${quote(text)}\` is not valid`,
        fix: `write the name that the ${kind} was created with: up to 64 letters, digits, \`.\`, \`_\` and \`-\`, starting with a letter or digit`,
      };
}

/** GitHub's limit of the length of an environment's name. */
const maxEnvironmentLength = 255;

/** Returns what is wrong with the name of an environment, or null. */
export function problemOfEnvironment(text: string): Problem | null {
  const isName = text !== '' && text === text.trim() && !/\p{C}/u.test(text) && text.length <= maxEnvironmentLength;
  if (!isName) {
    return {
      message: `environment \`${quote(text)}\` is not valid`,
      fix: 'write the name of an environment of the source, such as `production`',
    };
  }
  return /[*?[]/.test(text)
    ? { message: `environment \`${quote(text)}\` is a pattern, but must be one name`, fix: 'name each environment' }
    : null;
}

/** Returns what is wrong with an event type, or null. GitHub limits the length only; invisible characters are refused too. */
export function problemOfEventType(text: string): Problem | null {
  const isType =
    text !== '' && text === text.trim() && !/\p{C}/u.test(text) && Array.from(text).length <= maxEventTypeLength;
  return isType
    ? null
    : {
        message: `event type \`${quote(text)}\` is not valid`,
        fix: `write 1 to ${maxEventTypeLength} visible characters, such as \`deploy\``,
      };
}

/** Returns what is wrong with the name of a workflow input, or null. */
export function problemOfInputName(text: string): Problem | null {
  return new RegExp(jsonPatterns.inputName).test(text)
    ? null
    : {
        message: `input name \`${quote(text)}\` is not valid`,
        fix: 'use letters, digits, `_` and `-`, not starting with a digit or `-`, as in the target’s workflow',
      };
}

/** Returns what is wrong with a branch or tag name, or null: Git's rules for names, and what GitHub accepts as `ref`. */
export function problemOfRef(text: string): Problem | null {
  const fix = 'write the name of a branch or tag of the target, such as `main`';
  const refuse = (reason: string): Problem => ({ message: `ref \`${quote(text)}\` ${reason}`, fix });
  if (text.includes('{{')) return refuse('is a template, but templates are allowed in `inputs` only');
  const { type, name } = qualifiedRef(text);
  if (type === null && text.startsWith('refs/')) {
    return refuse('must not start with `refs/`, except with `refs/heads/` or `refs/tags/`');
  }
  if (/^[0-9a-f]{40}$/i.test(name)) return refuse('is a commit, but GitHub starts workflows on branches and tags only');
  if (/[*?[]/.test(text)) return refuse('is a pattern, but must be one branch or tag');
  const isName =
    name !== '' &&
    text.length <= 255 &&
    !/[\p{C}\s~^:\\]|\.\.|@\{|\/\/|^[-/]|[/.]$|(?:^|\/)\.|\.lock(?:\/|$)/u.test(name) &&
    name !== '@';
  return isName ? null : refuse('is not a valid branch or tag name');
}

/** Returns what is wrong with a list of branch or ref patterns as a whole, or null. */
export function problemOfPatterns(patterns: readonly string[]): Problem | null {
  return patterns.length > 0 && patterns.every((pattern) => pattern.startsWith('!'))
    ? {
        message: 'a list with only `!` patterns accepts nothing',
        fix: "add a pattern that accepts something before them, such as '**'",
      }
    : null;
}

/** Returns what is wrong with one branch or ref pattern, or null. A pattern that no name can match is an error. */
export function problemOfPattern(text: string): Problem | null {
  const parsed = parsePattern(text);
  return 'problem' in parsed ? parsed.problem : problemOfImpossiblePattern(parsed.value);
}

/** Returns what is wrong with one pattern of the values of an input, or null. A value can be any text. */
export function problemOfValuePattern(text: string): Problem | null {
  const parsed = parsePattern(text);
  return 'problem' in parsed ? parsed.problem : null;
}

/** Returns a warning if a branch or ref pattern is valid, but hardly a name that exists, or null. */
export function warningOfPattern(text: string): Problem | null {
  const prefix = /^!?(refs\/(?:heads|tags)\/)/.exec(text)?.[1];
  if (prefix !== undefined) {
    return { message: `names are compared without \`${prefix}\``, fix: `remove \`${prefix}\`` };
  }
  return /[|()$]/.test(text)
    ? {
        message: `\`${quote(text)}\` looks like a regular expression, but is a filter pattern`,
        fix: 'write one entry for each alternative, and `*` or `**` for any characters',
      }
    : null;
}
