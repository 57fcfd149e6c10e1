import { forbidden, ApiError, invalidRequest } from '../common/api-error.ts';
import { createRun } from './workflow-runs.ts';
import type { Repository, Run } from '../state/entities.ts';
import { isTriggeredByEvent } from '../state/workflow-file.ts';
import type { StateStore } from '../state/state-store.ts';

const MAX_TYPE_LENGTH = 100;
const MAX_PAYLOAD_PROPERTIES = 10;
const MAX_PAYLOAD_BYTES = 64 * 1024;

export interface RepositoryDispatchBody {
  readonly eventType: string;
  readonly clientPayload: Readonly<Record<string, unknown>>;
}

/** Throws a 422 in the form of GitHub's schema errors when the body violates the endpoint's schema. */
export function parseEventBody(body: unknown): RepositoryDispatchBody {
  const { event_type: eventType, client_payload: clientPayload = {}, ...rest } = fields(body) ?? {};
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw invalidRequest(`"${unknown}" is not a permitted key.`);
  if (eventType === undefined) throw invalidRequest('"event_type" wasn\'t supplied.');
  if (typeof eventType !== 'string') {
    throw invalidRequest(`For 'properties/event_type', ${JSON.stringify(eventType)} is not a string.`);
  }
  if (eventType.length < 1 || eventType.length > MAX_TYPE_LENGTH) {
    throw invalidRequest(`For 'properties/event_type', only 1 to ${MAX_TYPE_LENGTH} characters are allowed.`);
  }
  const payload = fields(clientPayload);
  if (payload === null) {
    throw invalidRequest(`For 'properties/client_payload', ${JSON.stringify(clientPayload)} is not an object.`);
  }
  const count = Object.keys(payload).length;
  if (count > MAX_PAYLOAD_PROPERTIES) {
    throw invalidRequest(`No more than ${MAX_PAYLOAD_PROPERTIES} properties are allowed; ${count} were supplied.`);
  }
  if (Buffer.byteLength(JSON.stringify(payload)) >= MAX_PAYLOAD_BYTES) {
    throw invalidRequest('client_payload is too large.');
  }
  return { eventType, clientPayload: payload };
}

/**
 * Starts every workflow of the default branch that the event type triggers. The caller must have checked the
 * permission.
 */
export function sendRepositoryDispatch(
  store: StateStore,
  repository: Repository,
  event: RepositoryDispatchBody,
  installationId: number,
): Run[] {
  if (repository.archived) throw new ApiError(403, 'Repository was archived so is read-only.');
  if (repository.disabled) throw forbidden();
  const head = repository.branches[repository.defaultBranch];
  const files = head === undefined ? undefined : repository.commits[head]?.files;
  if (head === undefined || files === undefined) return [];
  return repository.workflows
    .filter(({ path, state }) => state === 'active' && isTriggeredByEvent(files[path], event.eventType))
    .map((workflow) =>
      createRun(store, repository, {
        workflow,
        event: 'repository_dispatch',
        headBranch: repository.defaultBranch,
        headSha: head,
        headRepositoryId: repository.id,
        actor: `${store.state.app.slug}[bot]`,
        clientPayload: event.clientPayload,
        startedByInstallation: installationId,
      }),
    );
}

function fields(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
