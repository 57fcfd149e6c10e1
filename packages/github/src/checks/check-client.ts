import * as z from 'zod/mini';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import type { Headers, RequestContext } from '../transport/error-mapping.ts';
import type { CallOptions } from '../transport/options.ts';
import type { OctokitRequestOptions, Transport } from '../transport/transport.ts';

/** The repository of a check run. */
export interface CheckRepository {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly name: string;
}

/** GitHub accepts this many annotations in one request. */
export const maxAnnotations = 50;

/** A conclusion that an App can give a check run. */
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'timed_out';

export interface CheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** What a check run shows. */
export interface CheckContent {
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Null unless the status is `completed`. */
  readonly conclusion: CheckConclusion | null;
  readonly title: string;
  /** Markdown; GitHub accepts 65,535 characters. */
  readonly summary: string;
  /** Where the link of the check leads; null for the check's own page on GitHub. */
  readonly detailsUrl: string | null;
  /** When the work began and ended. Absent: GitHub takes the time of the request. */
  readonly startedAt?: string | undefined;
  readonly completedAt?: string | undefined;
  /** At most {@link maxAnnotations} in one request; those of an update are added to the earlier ones. */
  readonly annotations?: readonly CheckAnnotation[] | undefined;
}

export interface NewCheck extends CheckContent {
  readonly name: string;
  readonly headSha: string;
  /** Identifies the check run for its App: GitHub stores it, and cannot be asked for it. */
  readonly externalId: string;
}

export interface ListedCheck {
  readonly id: number;
  readonly externalId: string;
}

/** Check runs of this App. A token of a call is limited to the repository and to `checks: write`, or for
 * a suite to `checks: read`. */
export interface CheckClient {
  /**
   * Creates a check run with one POST. When the response is missing it rejects with GitHubUnknownOutcomeError: call `list`
   * before creating another one. The POST is sent only if its timeout ends before `responseDeadline` (milliseconds since the
   * epoch); otherwise the call rejects with GitHubTransientError.
   * @throws GitHubPermanentError with code `dispatch-forbidden` if the installation has not granted the permission
   */
  create(
    at: CheckRepository,
    check: NewCheck & { readonly responseDeadline: number },
    options?: CallOptions,
  ): Promise<{ readonly id: number }>;
  /**
   * Changes a check run. Repeatable, unless it adds annotations: then a missing response rejects with
   * GitHubUnknownOutcomeError. Call `countAnnotations` before sending them again.
   */
  update(
    at: CheckRepository,
    id: number,
    content: CheckContent & { readonly responseDeadline?: number },
    options?: CallOptions,
  ): Promise<void>;
  /** Returns how many annotations a check run has. */
  countAnnotations(at: CheckRepository, id: number, options?: CallOptions): Promise<number>;
  /** Returns this App's check runs of that name on the commit, oldest first, siblings of the name included. */
  list(
    at: CheckRepository,
    check: { readonly name: string; readonly headSha: string },
    options?: CallOptions,
  ): Promise<ListedCheck[]>;
  /** Returns the check runs of a suite, oldest first, siblings of one name included. */
  listOfSuite(at: CheckRepository, suiteId: number, options?: CallOptions): Promise<ListedCheck[]>;
}

const checksPerPage = 100;
/** A suite has at most 1,000 check runs of a name; more pages than these are not read. */
const maxPages = 20;

const CheckRun = z.object({ id: z.int(), external_id: z.nullish(z.string()) });
const AnnotatedCheckRun = z.object({ output: z.object({ annotations_count: z.int() }) });
const CheckRunList = z.object({ check_runs: z.array(CheckRun) });

export interface CheckClientDependencies {
  readonly transport: Transport;
  readonly tokens: InstallationTokens;
  readonly appId: number;
}

interface CommonParameters {
  readonly owner: string;
  readonly repo: string;
  readonly headers: { readonly authorization: string };
  readonly request: OctokitRequestOptions;
}

export function createCheckClient({ transport, tokens, appId }: CheckClientDependencies): CheckClient {
  // A repository that is renamed keeps its checks: one that is open must be completed.
  const octokit = transport.following;

  function send<Data>(
    { installationId, repositoryId, owner, name }: CheckRepository,
    context: Pick<RequestContext, 'effect' | 'responseDeadline' | 'signal'>,
    schema: z.ZodMiniType<Data>,
    request: (common: CommonParameters) => Promise<{ status: number; headers: Headers; data: unknown }>,
    access: 'read' | 'write' = 'write',
  ): Promise<Data> {
    const write = { permission: 'checks', repository: repositoryId } as const;
    const scope = { installationId, ...(access === 'read' ? { readChecks: repositoryId } : { write }) };
    const sendWithToken = async (authorization: string) => {
      const { data } = await transport.send({ installationId, ...context }, schema, (requestOptions) =>
        request({ owner, repo: name, headers: { authorization }, request: requestOptions }),
      );
      return data;
    };
    return tokens.use(scope, sendWithToken, context);
  }

  return {
    create: async (at, { name, headSha, externalId, responseDeadline, ...content }, options) => {
      const { id } = await send(at, { ...options, effect: 'once', responseDeadline }, CheckRun, (common) =>
        octokit.request('POST /repos/{owner}/{repo}/check-runs', {
          ...common,
          name,
          head_sha: headSha,
          external_id: externalId,
          ...bodyOf(content),
        }),
      );
      return { id };
    },

    update: async (at, id, { responseDeadline, ...content }, options) => {
      const effect = (content.annotations ?? []).length === 0 ? 'repeatable' : 'once';
      await send(at, { ...options, effect, responseDeadline }, z.unknown(), (common) =>
        octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...common,
          check_run_id: id,
          ...bodyOf(content),
        }),
      );
    },

    countAnnotations: async (at, id, options) => {
      const { output } = await send(at, { ...options, effect: 'repeatable' }, AnnotatedCheckRun, (common) =>
        octokit.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...common, check_run_id: id }),
      );
      return output.annotations_count;
    },

    list: (at, { name, headSha }, options) =>
      listAll((page) =>
        send(at, { ...options, effect: 'repeatable' }, CheckRunList, (common) =>
          octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
            ...common,
            ref: headSha,
            check_name: name,
            app_id: appId,
            filter: 'all',
            per_page: checksPerPage,
            page,
          }),
        ),
      ),

    listOfSuite: (at, suiteId, options) =>
      listAll((page) =>
        send(
          at,
          { ...options, effect: 'repeatable' },
          CheckRunList,
          (common) =>
            octokit.request('GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs', {
              ...common,
              check_suite_id: suiteId,
              filter: 'all',
              per_page: checksPerPage,
              page,
            }),
          'read',
        ),
      ),
  };
}

function bodyOf({ status, conclusion, title, summary, detailsUrl, startedAt, completedAt, annotations }: CheckContent) {
  const state =
    status === 'completed' && conclusion !== null
      ? { status, conclusion, ...(completedAt === undefined ? {} : { completed_at: completedAt }) }
      : { status: status === 'completed' ? ('in_progress' as const) : status };
  return {
    ...state,
    ...(detailsUrl === null ? {} : { details_url: detailsUrl }),
    ...(startedAt === undefined ? {} : { started_at: startedAt }),
    output: {
      title,
      summary,
      ...(annotations === undefined || annotations.length === 0
        ? {}
        : {
            annotations: annotations.map(({ path, startLine, endLine, level, title: heading, message }) => ({
              path,
              start_line: startLine,
              end_line: endLine,
              annotation_level: level,
              title: heading,
              message,
            })),
          }),
    },
  };
}

async function listAll(read: (page: number) => Promise<z.infer<typeof CheckRunList>>): Promise<ListedCheck[]> {
  const found: ListedCheck[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const { check_runs: runs } = await read(page);
    found.push(...runs.map(({ id, external_id: externalId }) => ({ id, externalId: externalId ?? '' })));
    if (runs.length < checksPerPage) break;
  }
  return found.sort((a, b) => a.id - b.id);
}
