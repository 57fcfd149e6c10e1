import { ApiError, forbidden, invalid, invalidRequest } from '../common/api-error.ts';
import type { Repository, Run } from '../state/entities.ts';
import type { FileContent } from '../state/git-objects.ts';
import { findRef } from '../state/refs.ts';
import type { StateStore } from '../state/state-store.ts';
import { declaredInputs, resolveInputs, syntaxErrorOf } from '../state/workflow-file.ts';
import { createRun, findWorkflow } from './workflow-runs.ts';

export interface WorkflowDispatchBody {
  readonly ref: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly returnRunDetails: boolean;
}

/**
 * Throws GitHub's 422 when the body violates the endpoint's schema. GitHub Enterprise Server up to 3.20 refuses
 * `return_run_details`.
 */
export function parseDispatchBody(body: unknown, acceptsRunDetails: boolean): WorkflowDispatchBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('"ref" wasn\'t supplied.');
  }
  const {
    ref,
    inputs = {},
    return_run_details: returnRunDetails = false,
    ...rest
  }: Record<string, unknown> = { ...body };
  if (!acceptsRunDetails && 'return_run_details' in body) {
    throw invalidRequest('"return_run_details" is not a permitted key.');
  }
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) {
    throw invalidRequest(`"${unknown}" is not a permitted key.`);
  }
  if (ref === undefined) {
    throw invalidRequest('"ref" wasn\'t supplied.');
  }
  if (typeof ref !== 'string') {
    throw invalidRequest(`For 'properties/ref', ${JSON.stringify(ref)} is not a string.`);
  }
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
    throw invalidRequest(`For 'properties/inputs', ${JSON.stringify(inputs)} is not an object.`);
  }
  if (typeof returnRunDetails !== 'boolean') {
    throw invalidRequest(`For 'properties/return_run_details', ${JSON.stringify(returnRunDetails)} is not a boolean.`);
  }
  return { ref, inputs: { ...inputs }, returnRunDetails };
}

/** Starts a workflow, or throws GitHub's refusal. The caller must have checked the permission. */
export function startWorkflow(
  store: StateStore,
  repository: Repository,
  workflowNameOrId: string,
  body: WorkflowDispatchBody,
  installationId: number,
): Run {
  if (repository.archived) {
    throw new ApiError(403, 'Repository was archived so is read-only.');
  }
  if (repository.disabled) {
    throw forbidden();
  }
  const workflow = findWorkflow(repository, workflowNameOrId, store.state.runs);
  if (workflow.state !== 'active') {
    throw invalid("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const ref = findRef(repository, body.ref);
  if (ref === null) {
    throw invalid(`No ref found for: ${body.ref}`);
  }
  const content: FileContent | undefined = repository.commits[ref.oid]?.files[workflow.path];
  const syntaxError = syntaxErrorOf(content);
  if (syntaxError !== null) {
    throw invalid(`Invalid Argument - failed to parse workflow: ${syntaxError}`);
  }
  const declared = declaredInputs(content);
  if (declared === null) {
    throw invalid("Workflow does not have 'workflow_dispatch' trigger");
  }
  return createRun(store, repository, {
    workflow,
    event: 'workflow_dispatch',
    headBranch: ref.name,
    refType: ref.kind,
    headSha: ref.oid,
    headRepositoryId: repository.id,
    actor: `${store.state.app.slug}[bot]`,
    inputs: resolveInputs(declared, body.inputs),
    startedByInstallation: installationId,
  });
}
