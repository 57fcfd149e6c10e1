import type { AppPermissions, Check, RepositoryContents } from '@dispatcher/contracts';
import { check } from './checks.ts';
import type { MatchedRoute } from './matched-route.ts';
import { expectedInsteadOf } from '../workflow-file/input-values.ts';
import { isDefaultBranch, qualifiedRef } from '../values/qualified-ref.ts';
import { readWorkflowFile, type WorkflowInput } from '../workflow-file/parse-workflow.ts';

/**
 * Returns checks for what GitHub would refuse. If a file or a ref could not be read, its checks are left out and GitHub
 * decides.
 */
export function preflightChecks(
  target: RepositoryContents,
  defaultBranch: string,
  { route, inputs }: MatchedRoute,
  { ref, permissions }: { readonly ref: string; readonly permissions: AppPermissions | null },
): Check[] {
  // Which workflows an event starts is known only to GitHub.
  if (!('workflow' in route.target)) return permissions === null ? [] : [permissionCheck(permissions)];
  const checks = refChecks(target, defaultBranch, ref);
  const { workflow } = route.target;
  const file = readWorkflowFile(own(target.workflows, workflow));
  // The file was read on the default branch. For another ref, GitHub uses the file there, and starts it even if the
  // default branch has none, provided that the workflow has run before.
  if (file.state === 'unknown' || !isDefaultBranch(ref, defaultBranch)) return checks;
  const isPresent = file.state !== 'absent';
  checks.push(check('workflow-present', isPresent, workflow, isPresent ? workflow : 'no such file'));
  if (!isPresent) return checks;
  const message = file.state === 'invalid' ? file.message : 'valid';
  checks.push(check('workflow-valid', file.state !== 'invalid', 'a YAML map', message));
  if (file.state === 'invalid') return checks;
  const triggers = file.triggers.join(', ') || 'no trigger';
  checks.push(check('workflow-trigger', file.inputs !== null, 'workflow_dispatch', triggers));
  return file.inputs === null ? checks : [...checks, ...inputChecks(file.inputs, inputs)];
}

/** Creates the check of the permission that GitHub documents for `POST /repos/{owner}/{repo}/dispatches`. */
function permissionCheck({ contents = 'none' }: AppPermissions): Check {
  return check('app-permission', contents === 'write', 'contents: write', `contents: ${contents}`);
}

function refChecks(target: RepositoryContents, defaultBranch: string, ref: string): Check[] {
  if (isDefaultBranch(ref, defaultBranch)) return [];
  const { type, name } = qualifiedRef(ref);
  const state = own(target.refs, name) ?? 'unknown';
  // Of a branch and a tag with one name, the snapshot has the branch: whether there is a tag, GitHub decides.
  if (state === 'unknown' || (type === 'tag' && state === 'branch')) return [];
  const exists = type === null ? state !== 'absent' : state === type;
  return [check('ref-exists', exists, type === null ? 'a branch or tag' : `a ${type}`, ref)];
}

function inputChecks(
  declared: Readonly<Record<string, WorkflowInput>>,
  inputs: Readonly<Record<string, string>>,
): Check[] {
  const names = Object.keys(declared);
  const undeclared = Object.keys(inputs).filter((name) => own(declared, name) === undefined);
  const required = names.filter((name) => declared[name]?.required === true && !declared[name].hasDefault);
  const isMissing = required.some((name) => own(inputs, name) === undefined);
  const wrong = Object.entries(inputs).flatMap(([name, value]) => {
    const input = own(declared, name);
    const expected = input === undefined ? null : expectedInsteadOf(value, input);
    return expected === null ? [] : [{ name, value, expected }];
  });
  return [
    check(
      'inputs-declared',
      undeclared.length === 0,
      names.join(', ') || 'no inputs',
      (undeclared.length === 0 ? Object.keys(inputs) : undeclared).join(', ') || 'no inputs',
    ),
    check(
      'inputs-required',
      !isMissing,
      required.join(', ') || 'no inputs',
      Object.keys(inputs).join(', ') || 'no inputs',
    ),
    check(
      'inputs-typed',
      wrong.length === 0,
      wrong.map(({ name, expected }) => `${name}: ${expected}`).join('; ') || 'values of the declared types',
      wrong.map(({ name, value }) => `${name}: ${value}`).join('; ') || 'values of the declared types',
    ),
  ];
}

/** Returns an own property. Names come from files, and `constructor` must not find an inherited property. */
function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
