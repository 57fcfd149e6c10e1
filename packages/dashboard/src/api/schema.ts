// Generated from docs/reference/openapi.json by packages/api-types. Do not edit: `npm run docs` writes it.

export interface paths {
    readonly "/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns the health, what is running since when, and the configured authentication. Needs no authentication. */
        readonly get: operations["getHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Returns who the request is authenticated as, with which role, and when the session ends.
         * @description `POST /auth/sign-out` ends the session.
         */
        readonly get: operations["getMe"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/summary": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns counts, latencies and freshness for one time window. */
        readonly get: operations["getSummary"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/trend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns the last 48 hours, hour by hour, oldest first. */
        readonly get: operations["getTrend"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/queues": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns the depth and age of all queues, as of the last roll-up. */
        readonly get: operations["getQueues"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dead-letters": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns the recorded dead letters by queue and reason, with a sample, and the depth of each dead-letter queue. */
        readonly get: operations["getDeadLetters"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Lists the deliveries, newest first, each with the result of its newest revision.
         * @description A delivery is listed once its run was delayed, was planned, was recognised as a repeat, was ignored, or became a dead letter. It keeps its place in the list when it is planned again: `updatedAt` changes, `time` does not. Only deliveries of completed workflow runs are recorded. Those of other events and actions, and rejected ones, are only in the log of the ingress function, under their GUID.
         */
        readonly get: operations["getDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/deliveries/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Returns the timeline of one delivery: every fact with its GUID, oldest first.
         * @description Without the checks of the decisions; GET /api/runs/{runKey} returns them.
         */
        readonly get: operations["getDeliveriesById"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Lists runs, or searches them by their id or URL on GitHub, by commit, delivery or dispatch; newest first.
         * @description Takes either one of `run`, `commit`, `delivery` and `dispatch`, or the filters. A run that was delivered under two GUIDs is listed for each of them.
         */
        readonly get: operations["getRuns"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/runs/{runKey}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Returns the history of one run: its facts in order of time, grouped by the revision of its plan, newest revision first.
         * @description Contains only the failed checks: `GET /api/plans/{runKey}` returns all of them. A plan, a denied decision or a failed dispatch is marked as `resolved` once a dispatch of a later revision was accepted, of the same route if it names one. A page holds up to 200 stored items; with more, each page is grouped for itself.
         */
        readonly get: operations["getRunsByRunKey"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{runKey}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Returns the plan of one run: its outcome, and its decisions with all their checks.
         * @description Includes every revision, newest first, unless `revision` names one: each re-evaluation by an operator adds one. A plan is stored for 100 days.
         */
        readonly get: operations["getPlansByRunKey"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dispatches": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Lists the dispatches, newest first, each with its newest step.
         * @description A dispatch keeps its place in the list when its run completes: `updatedAt` changes, `time` does not. A failed one is marked as `resolved` once GitHub accepted a later dispatch of the same route and run.
         */
        readonly get: operations["getDispatches"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dispatches/{dispatchId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns every fact of one dispatch, oldest first, including its decision. */
        readonly get: operations["getDispatchesByDispatchId"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/repositories": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the repositories that facts mention, by name. */
        readonly get: operations["getRepositories"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/repositories/{owner}/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns the all-time counts of one repository, as source and as target. */
        readonly get: operations["getRepositoriesByOwnerByName"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/repositories/{owner}/{name}/facts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Returns the facts of one repository, newest first: its runs as source, its decisions and dispatches as target.
         * @description Without the checks of the decisions; GET /api/runs/{runKey} returns them.
         */
        readonly get: operations["getRepositoriesByOwnerByNameFacts"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/repositories/{owner}/{name}/inbound": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Lists the routes into one repository: which sources start its workflows, when they last did, and how often they were denied.
         * @description Empty if nothing was ever requested of this repository.
         */
        readonly get: operations["getRepositoriesByOwnerByNameInbound"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/routes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the routes by target repository, each with its latest fact. */
        readonly get: operations["getRoutes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/routes/{routeId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns one route: its last 30 results, last success, success rate, and whether both sides agree. */
        readonly get: operations["getRoutesByRouteId"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/routes/{routeId}/facts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Returns the facts of one route, newest first.
         * @description Without the checks of the decisions; GET /api/runs/{runKey} returns them.
         */
        readonly get: operations["getRoutesByRouteIdFacts"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/installations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the installations with their remaining GitHub rate limit, as last observed. */
        readonly get: operations["getInstallations"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dead-letters/{queue}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the recorded dead letters of one queue, newest first. */
        readonly get: operations["getDeadLettersByQueue"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the actions of operators, newest first: replays, dead letters, API keys, pauses, confirmed repositories. */
        readonly get: operations["getAudit"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/runs/{runKey}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Replays a run: publishes the stored plan again, re-evaluates it, or dispatches a route again. */
        readonly post: operations["postRunsByRunKeyReplay"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/deliveries/{id}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Replays the run of a delivery. */
        readonly post: operations["postDeliveriesByIdReplay"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/bulk-replays": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the bulk replays, newest first. */
        readonly get: operations["getBulkReplays"];
        readonly put?: never;
        /**
         * Replays the selected runs, oldest first and at a limited rate. It is a dry run unless it says otherwise.
         * @description The bulk replay goes on by itself within a minute; read its progress, stop it and resume it. Only one is active at a time.
         */
        readonly post: operations["postBulkReplays"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/bulk-replays/{bulkReplayId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns one bulk replay with its progress. */
        readonly get: operations["getBulkReplaysByBulkReplayId"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/bulk-replays/{bulkReplayId}/runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the runs that a bulk replay has selected. */
        readonly get: operations["getBulkReplaysByBulkReplayIdRuns"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/bulk-replays/{bulkReplayId}/stop": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Stops a bulk replay: no further replay is requested. Those that were requested are carried out. */
        readonly post: operations["postBulkReplaysByBulkReplayIdStop"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/bulk-replays/{bulkReplayId}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Resumes a stopped bulk replay with the first run that was not requested. */
        readonly post: operations["postBulkReplaysByBulkReplayIdResume"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dead-letters/{queue}/depth": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns the number of messages in one dead-letter queue, according to SQS. */
        readonly get: operations["getDeadLettersByQueueDepth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dead-letters/inspect": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Returns one dead letter with its whole message, and leaves it in its dead-letter queue. */
        readonly post: operations["postDeadLettersInspect"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dead-letters/redrive": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Redrives the selected dead letters to their source queue, undelivered events to their target queue.
         * @description A dead letter that was redriven three times is quarantined and stays.
         */
        readonly post: operations["postDeadLettersRedrive"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/dead-letters/discard": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Deletes the selected dead letters permanently. */
        readonly post: operations["postDeadLettersDiscard"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns whether all dispatches are paused, since when and why. */
        readonly get: operations["getPause"];
        readonly put?: never;
        /** Pauses all dispatches. Decisions wait, and nothing starts after `effectiveAt`. */
        readonly post: operations["postPause"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Resumes all dispatches. Waiting decisions start within 30 seconds, those older than 4 hours within 15 minutes. */
        readonly post: operations["postResume"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Lists the API keys by id, including revoked and expired ones, without their secrets. */
        readonly get: operations["getKeys"];
        readonly put?: never;
        /** Creates an API key. The response is the only one with its secret; a repeat with the same `Idempotency-Key` is refused. */
        readonly post: operations["postKeys"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/keys/{keyId}/revoke": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Revokes an API key. It can no longer start or change anything; it may read for up to another minute. */
        readonly post: operations["postKeysByKeyIdRevoke"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/repositories/{owner}/{name}/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Confirms that the name of a repository belongs to another repository than before.
         * @description For decisions with `source-replaced` or `target-replaced`. Runs that were refused are not planned again: replay them.
         */
        readonly post: operations["postRepositoriesByOwnerByNameConfirm"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Returns this API as an OpenAPI 3.1 document. */
        readonly get: operations["getOpenapiJson"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/dispatch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Starts a workflow or sends a repository_dispatch event in a repository whose file allows the key.
         * @description The key needs the role `dispatch`. With `workflow` it starts a workflow_dispatch, with `event_type` a repository_dispatch. `202`: key and target agree, and the dispatch follows asynchronously.
         */
        readonly post: operations["postDispatch"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly ApiKey: {
            readonly keyId: string;
            readonly name: string;
            /** @enum {string} */
            readonly role: "viewer" | "operator" | "dispatch";
            readonly targets: readonly string[];
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            readonly expiresAt: string | null;
            readonly revokedAt: string | null;
            readonly lastUsedAt: string | null;
        };
        readonly ApiKeysResponse: {
            readonly keys: readonly components["schemas"]["ApiKey"][];
            readonly cursor: string | null;
        };
        readonly AuditResponse: {
            readonly entries: readonly components["schemas"]["AuditRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly AuditRow: {
            readonly factId: string;
            /** Format: date-time */
            readonly time: string;
            readonly actionId: string;
            /** @enum {string} */
            readonly action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed";
            readonly operator: string;
            readonly reason: string;
            readonly subject: string;
            readonly result: string;
        };
        readonly BulkReplay: {
            readonly bulkReplayId: string;
            /** @enum {string} */
            readonly state: "selecting" | "running" | "stopped" | "completed";
            /** @enum {string} */
            readonly mode: "as-recorded" | "re-evaluate";
            readonly selection: components["schemas"]["BulkReplaySelection"];
            readonly perMinute: number;
            readonly operator: string;
            readonly reason: string;
            /** Format: date-time */
            readonly startedAt: string;
            /** Format: date-time */
            readonly changedAt: string;
            readonly changedBy: string | null;
            readonly selected: number;
            readonly requested: number;
            readonly problem: string | null;
        };
        readonly BulkReplayChangeRequest: {
            readonly reason: string;
        };
        readonly BulkReplayChanged: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "bulk-replay.changed";
            readonly runKey?: string;
            readonly data: {
                readonly bulkReplayId: string;
                /** @enum {string} */
                readonly action: "started" | "stopped" | "resumed" | "completed";
                readonly operator: string;
                readonly reason: string;
                /** @enum {string} */
                readonly mode: "as-recorded" | "re-evaluate";
                readonly selection: components["schemas"]["BulkReplaySelection"];
                readonly selected: number;
                readonly requested: number;
            };
        };
        readonly BulkReplayChangedResponse: {
            /** @constant */
            readonly dryRun: false;
            readonly replay: components["schemas"]["BulkReplay"];
            readonly notice?: string;
        };
        readonly BulkReplayItemsResponse: {
            readonly bulkReplayId: string;
            readonly runs: readonly string[];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly BulkReplayPreview: {
            /** @constant */
            readonly dryRun: true;
            /** Format: date-time */
            readonly until: string;
            readonly selected: number;
            readonly more: boolean;
            readonly runs: readonly {
                readonly runKey: string;
                readonly deliveryId: string;
                /** Format: date-time */
                readonly time: string;
                readonly repository: string | null;
                readonly outcome: components["schemas"]["Outcome"];
                readonly code: components["schemas"]["Code"];
            }[];
        };
        readonly BulkReplayRequest: {
            /**
             * @default as-recorded
             * @enum {string}
             */
            readonly mode: "as-recorded" | "re-evaluate";
            readonly outcome?: components["schemas"]["Outcome"];
            readonly code?: components["schemas"]["Code"];
            readonly repository?: string;
            /** Format: date-time */
            readonly since: string;
            /** Format: date-time */
            readonly until?: string;
            /** @default 60 */
            readonly perMinute: number;
            readonly reason: string;
            /** @default true */
            readonly dryRun: boolean;
        };
        readonly BulkReplayResponse: {
            readonly replay: components["schemas"]["BulkReplay"];
        };
        readonly BulkReplaySelection: {
            readonly repository: string | null;
            readonly outcome: components["schemas"]["Outcome"] | null;
            readonly code: components["schemas"]["Code"] | null;
            /** Format: date-time */
            readonly since: string;
            /** Format: date-time */
            readonly until: string;
        };
        readonly BulkReplayStartResponse: components["schemas"]["BulkReplayPreview"] | components["schemas"]["BulkReplayChangedResponse"];
        readonly BulkReplaysResponse: {
            readonly bulkReplays: readonly components["schemas"]["BulkReplay"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly Check: {
            /** @enum {string} */
            readonly side: "run" | "source" | "target" | "operator";
            readonly name: string;
            readonly satisfied: boolean;
            readonly expected: string;
            readonly actual: string;
        };
        readonly ClosestRule: {
            readonly rule: string;
            readonly checks: readonly components["schemas"]["Check"][];
        };
        /** @enum {string} */
        readonly Code: "allowed" | "planned" | "no-config" | "config-invalid" | "config-ambiguous" | "config-unreadable" | "no-match" | "plan-too-large" | "paused" | "fork-run" | "run-too-old" | "run-in-future" | "source-not-allowed" | "source-workflow-not-allowed" | "source-branch-unreadable" | "source-not-visible" | "source-gone" | "source-ref-unreadable" | "source-ref-ambiguous" | "source-commit-gone" | "duplicate-route" | "self-dispatch" | "route-loop" | "depth-exceeded" | "lineage-unknown" | "too-many-targets" | "target-not-allowed" | "input-value-invalid" | "key-ended" | "key-scope" | "target-not-visible" | "target-refused" | "target-unreadable" | "plan-over-budget" | "target-archived" | "target-branch-unreadable" | "target-no-config" | "target-config-invalid" | "target-config-ambiguous" | "inbound-no-match" | "source-replaced" | "target-replaced" | "inbound-branch" | "inbound-event" | "inbound-conclusion" | "inbound-attempt" | "inbound-ref" | "inbound-input" | "workflow-missing" | "workflow-invalid" | "workflow-trigger-missing" | "ref-missing" | "input-undeclared" | "input-missing" | "input-type" | "app-permission-missing" | "decision-outdated" | "dispatch-not-found" | "dispatch-forbidden" | "dispatch-rejected" | "dispatch-gone" | "target-not-installed" | "outcome-unknown" | "response-lost" | "run-not-started";
        readonly ConfirmRepositoryRequest: {
            /** @description `owner/name` of the other side: the repository whose rule names this one. */
            readonly otherRepository: string;
            /**
             * @description The side of this repository: whether its runs start workflows, or its workflows are started.
             * @enum {string}
             */
            readonly role: "source" | "target";
            /** @description The id that the refused decision shows. */
            readonly repositoryId: number;
            readonly reason: string;
        };
        readonly ConfirmRepositoryResponse: {
            readonly actionId: string;
            readonly source: string;
            readonly target: string;
            readonly repositoryId: number;
            /** Format: date-time */
            readonly confirmedAt: string;
        };
        readonly CreateKeyRequest: {
            readonly name: string;
            /** @enum {string} */
            readonly role: "viewer" | "operator" | "dispatch";
            /** @default [] */
            readonly targets: readonly string[];
            /** @default 365 */
            readonly expiresInDays: number;
            /** @default false */
            readonly rotate: boolean;
            readonly reason: string;
        };
        readonly CreatedKeyResponse: {
            readonly actionId: string;
            readonly key: components["schemas"]["ApiKey"];
            readonly secret: string;
            readonly notice?: string;
        };
        readonly DeadLetter: {
            readonly deadLetterId: string;
            readonly queue: string;
            readonly messageId: string;
            readonly reason: string;
            readonly detail: string;
            readonly attempts: number;
            readonly redrives: number;
            /** Format: date-time */
            readonly deadLetteredAt: string;
            readonly deliveryId: string;
            readonly runKey: string | null;
            /** @enum {string} */
            readonly state: "open" | "redriven" | "discarded" | "quarantined";
            /** Format: date-time */
            readonly stateAt: string;
        };
        readonly DeadLetterActed: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "dead-letter.acted";
            readonly runKey?: string;
            readonly data: {
                readonly actionId: string;
                readonly deadLetterId: string;
                readonly queue: string;
                readonly messageId: string;
                readonly deadLetterReason: components["schemas"]["DeadLetterReason"] | null;
                /** @enum {string} */
                readonly action: "redrive" | "discard";
                readonly operator: string;
                readonly reason: string;
                /** @enum {string} */
                readonly result: "redriven" | "discarded" | "quarantined";
            };
        };
        readonly DeadLetterActionResponse: {
            readonly actionId: string;
            readonly notice?: string;
            readonly dryRun: boolean;
            /** Format: date-time */
            readonly before: string;
            readonly scanned: number;
            readonly newer: number;
            readonly outcomes: {
                readonly [key: string]: number;
            };
            readonly deadLetters: readonly {
                readonly id: string;
                readonly to: string | null;
                /** @enum {string} */
                readonly reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
                /** Format: date-time */
                readonly since: string;
                readonly redrives: number;
                readonly runKey: string | null;
                /** @enum {string} */
                readonly outcome: "redriven" | "discarded" | "quarantined" | "misplaced" | "failed";
                readonly problem: string | null;
            }[];
            readonly notFound: readonly string[];
            /** @enum {string} */
            readonly ended: "completed" | "held" | "limit" | "stopped" | "failed";
            readonly problem: string | null;
            readonly more: boolean;
            readonly queueDepth: {
                readonly waiting: number;
                readonly inFlight: number;
            } | null;
        };
        /** @enum {string} */
        readonly DeadLetterReason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered";
        readonly DeadLetterSummaryResponse: {
            /** Format: date-time */
            readonly rolledUpAt: string;
            readonly groups: readonly {
                readonly queue: string;
                readonly reason: string;
                readonly open: number;
                readonly sample: components["schemas"]["DeadLetter"];
            }[];
            readonly queues: readonly {
                readonly queue: string;
                readonly recorded: number;
                readonly queueDepth: number;
                readonly difference: number;
            }[];
        };
        readonly DeadLettersResponse: {
            readonly queue: string;
            readonly deadLetters: readonly components["schemas"]["DeadLetter"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly Decision: {
            /** @enum {string} */
            readonly effect: "allow" | "deny";
            readonly code: components["schemas"]["Code"];
            readonly message: string;
            readonly fix: string;
            readonly responsible: components["schemas"]["Responsible"];
            readonly checks: readonly components["schemas"]["Check"][];
            readonly routeId: string;
            readonly route: components["schemas"]["Route"];
            readonly dispatchId: string;
            readonly rule: string;
            readonly closest?: components["schemas"]["ClosestRule"];
            readonly sourceFile?: components["schemas"]["FileReference"];
            readonly targetFile?: components["schemas"]["FileReference"];
            readonly target?: {
                readonly repositoryId: number;
                readonly installationId: number;
                /** @enum {string} */
                readonly visibility: "public" | "private" | "internal";
            };
            readonly ref: string | null;
            readonly inputs: {
                readonly [key: string]: string;
            };
        };
        readonly DeliveriesChecked: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "deliveries.checked";
            readonly runKey?: string;
            readonly data: {
                /** Format: date-time */
                readonly checkedUntil: string;
                readonly lagMs: number;
                readonly complete: boolean;
                readonly scanned: number;
                readonly failed: number;
                readonly redelivered: readonly string[];
                readonly planned: number;
                readonly ignored: number;
                readonly givenUp: number;
            };
        };
        readonly DeliveriesResponse: {
            readonly deliveries: readonly components["schemas"]["DeliveryRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly DeliveryIgnored: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "delivery.ignored";
            readonly runKey: string;
            readonly data: {
                /** @enum {string} */
                readonly reason: "not-a-workflow-file" | "no-installation";
                readonly message: string;
                readonly path: string | null;
                readonly repository: string;
                readonly runUrl: string;
                readonly event: string;
                readonly conclusion: string | null;
            };
        };
        readonly DeliveryRepeated: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "delivery.repeated";
            readonly runKey: string;
            readonly data: {
                readonly firstDeliveryId: string;
                /** Format: date-time */
                readonly receivedAt: string;
                readonly repository: string;
                readonly workflow: string;
            };
        };
        readonly DeliveryResponse: {
            readonly id: string;
            readonly facts: readonly components["schemas"]["FactSummary"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly DeliveryRow: {
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly runKey: string;
            /** @constant */
            readonly kind: "planned";
            readonly repository: string;
            readonly workflow: string;
            readonly runUrl: string;
            readonly commit: string;
            readonly branch: string | null;
            readonly event: string;
            readonly conclusion: string | null;
            readonly revision: number;
            readonly outcome: components["schemas"]["Outcome"];
            readonly code: components["schemas"]["Code"];
            readonly allowed: number;
            readonly denied: number;
        } | {
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly runKey: string;
            /** @constant */
            readonly kind: "requested";
            readonly key: string;
            readonly target: string;
            readonly revision: number;
            readonly outcome: components["schemas"]["Outcome"];
            readonly code: components["schemas"]["Code"];
            readonly allowed: number;
            readonly denied: number;
        } | {
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly runKey: string;
            /** @constant */
            readonly kind: "delayed";
            readonly repository: string | null;
            readonly workflow: string | null;
            readonly revision: number;
            /** Format: date-time */
            readonly nextTryAt: string;
            /** Format: date-time */
            readonly giveUpAt: string;
        } | {
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly runKey: string;
            /** @constant */
            readonly kind: "repeated";
            readonly repository: string;
            readonly workflow: string;
            readonly firstDeliveryId: string;
        } | {
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly runKey: string;
            /** @constant */
            readonly kind: "ignored";
            readonly repository: string;
            readonly runUrl: string;
            readonly path: string | null;
            /** @enum {string} */
            readonly reason: "not-a-workflow-file" | "no-installation";
        } | {
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            /** Format: date-time */
            readonly updatedAt: string;
            readonly runKey: string;
            /** @constant */
            readonly kind: "dead-lettered";
            readonly queue: string;
            readonly reason: components["schemas"]["DeadLetterReason"];
        };
        readonly DiscardRequest: {
            /** @enum {string} */
            readonly queue: "runs" | "decisions" | "facts" | "undelivered-events";
            readonly select: {
                readonly ids: readonly string[];
            } | {
                /** @enum {string} */
                readonly reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
            } | {
                readonly olderThanSeconds: number;
            } | {
                /** @constant */
                readonly all: true;
            };
            /** Format: date-time */
            readonly before?: string;
            readonly reason: string;
            /** @default true */
            readonly dryRun: boolean;
            /** @default 100 */
            readonly limit: number;
            /** @default 20 */
            readonly perSecond: number;
        };
        readonly DispatchAccepted: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "dispatch.accepted";
            readonly runKey: string;
            readonly data: {
                readonly dispatchId: string;
                readonly routeId: string;
                readonly route: components["schemas"]["Route"];
                readonly ref: string;
                readonly workflowRunId: number | null;
                readonly htmlUrl: string | null;
                readonly code?: components["schemas"]["Code"];
                readonly latencyMs: number;
                readonly revision?: number;
            };
        };
        readonly DispatchApiRequest: components["schemas"]["StartWorkflowBody"] | components["schemas"]["SendEventBody"];
        readonly DispatchCompleted: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "dispatch.completed";
            readonly runKey: string;
            readonly data: {
                readonly dispatchId: string;
                readonly routeId: string;
                readonly route: components["schemas"]["Route"];
                readonly conclusion: string | null;
                readonly durationMs: number | null;
                readonly sourceRunUrl: string | null;
                readonly targetRunUrl: string;
                readonly jobs?: number;
                readonly code?: components["schemas"]["Code"];
            };
        };
        readonly DispatchFactsResponse: {
            readonly dispatchId: string;
            readonly facts: readonly components["schemas"]["FactSummary"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly DispatchFailed: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "dispatch.failed";
            readonly runKey: string;
            readonly data: {
                readonly dispatchId: string;
                readonly routeId: string;
                readonly route: components["schemas"]["Route"];
                readonly code: components["schemas"]["Code"];
                readonly message: string;
                readonly fix: string;
                readonly responsible: components["schemas"]["Responsible"];
                readonly status: number | null;
                readonly revision?: number;
            };
        };
        readonly DispatchProblem: {
            /** @constant */
            readonly type: "about:blank";
            readonly title: string;
            readonly status: number;
            readonly detail: string;
            readonly field?: string;
            readonly code?: components["schemas"]["Code"];
            readonly fix?: string;
            readonly responsible?: components["schemas"]["Responsible"];
            readonly runKey?: string;
            readonly dispatchId?: string;
            readonly correlationId?: string;
        };
        readonly DispatchRequested: {
            /** @constant */
            readonly type: "dispatch.requested";
            /** @constant */
            readonly version: 1;
            readonly deliveryId: string;
            /** Format: date-time */
            readonly receivedAt: string;
            readonly requestId: string;
            readonly key: {
                readonly id: string;
                readonly name: string;
                readonly targets: readonly string[];
            };
            readonly request: components["schemas"]["RequestedDispatch"];
        };
        readonly DispatchResponse: {
            /** @constant */
            readonly success: true;
            readonly dispatchId: string;
            readonly runKey: string;
            readonly correlationId: string;
            readonly target: string;
        };
        readonly DispatchRow: {
            readonly dispatchId: string;
            readonly routeId: string;
            readonly route: components["schemas"]["Route"];
            readonly runKey: string;
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            /** Format: date-time */
            readonly updatedAt: string;
            /** @enum {string} */
            readonly state: "accepted" | "accepted-unverified" | "failed" | "completed";
            readonly code: components["schemas"]["Code"] | null;
            readonly conclusion: string | null;
            readonly targetRunUrl: string | null;
            /** @constant */
            readonly resolved?: true;
        };
        readonly DispatchesResponse: {
            readonly dispatches: readonly components["schemas"]["DispatchRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly EventReference: {
            readonly repository: string;
            readonly eventType: string;
        };
        readonly Fact: components["schemas"]["RunPlanned"] | components["schemas"]["RouteDecided"] | components["schemas"]["RunDelayed"] | components["schemas"]["DeliveryRepeated"] | components["schemas"]["DeliveryIgnored"] | components["schemas"]["DispatchAccepted"] | components["schemas"]["DispatchFailed"] | components["schemas"]["DispatchCompleted"] | components["schemas"]["IssueReported"] | components["schemas"]["PlanReported"] | components["schemas"]["MessageDeadLettered"] | components["schemas"]["OperatorActed"] | components["schemas"]["DeliveriesChecked"] | components["schemas"]["InstallationBudget"] | components["schemas"]["DeadLetterActed"] | components["schemas"]["KeyChanged"] | components["schemas"]["PauseChanged"] | components["schemas"]["RepositoryConfirmed"] | components["schemas"]["BulkReplayChanged"] | components["schemas"]["QueuesSampled"];
        readonly FactSummary: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "run.planned";
            readonly runKey: string;
            readonly data: {
                readonly trigger: components["schemas"]["Trigger"];
                readonly revision: number;
                readonly outcome: components["schemas"]["Outcome"];
                readonly code: components["schemas"]["Code"];
                readonly message: string;
                readonly fix: string;
                readonly responsible: components["schemas"]["Responsible"];
                readonly sourceFile?: components["schemas"]["FileReference"];
                readonly allowed: number;
                readonly denied: number;
                readonly lineage: {
                    readonly depth: number;
                    readonly path: readonly components["schemas"]["WorkflowReference"][];
                };
                /** @constant */
                readonly endsProblem?: true;
            };
        } | {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "route.decided";
            readonly runKey: string;
            readonly data: {
                readonly revision: number;
                readonly index: number;
                readonly decision: {
                    /** @enum {string} */
                    readonly effect: "allow" | "deny";
                    readonly code: components["schemas"]["Code"];
                    readonly message: string;
                    readonly fix: string;
                    readonly responsible: components["schemas"]["Responsible"];
                    readonly routeId: string;
                    readonly route: components["schemas"]["Route"];
                    readonly dispatchId: string;
                    readonly rule: string;
                    readonly sourceFile?: components["schemas"]["FileReference"];
                    readonly targetFile?: components["schemas"]["FileReference"];
                    readonly target?: {
                        readonly repositoryId: number;
                        readonly installationId: number;
                        /** @enum {string} */
                        readonly visibility: "public" | "private" | "internal";
                    };
                    readonly ref: string | null;
                    readonly inputs: {
                        readonly [key: string]: string;
                    };
                };
                readonly lineage: {
                    readonly depth: number;
                    readonly path: readonly components["schemas"]["WorkflowReference"][];
                };
            };
        } | components["schemas"]["RunDelayed"] | components["schemas"]["DeliveryRepeated"] | components["schemas"]["DeliveryIgnored"] | components["schemas"]["DispatchAccepted"] | components["schemas"]["DispatchFailed"] | components["schemas"]["DispatchCompleted"] | components["schemas"]["IssueReported"] | components["schemas"]["PlanReported"] | components["schemas"]["MessageDeadLettered"] | components["schemas"]["OperatorActed"] | components["schemas"]["DeliveriesChecked"] | components["schemas"]["InstallationBudget"] | components["schemas"]["DeadLetterActed"] | components["schemas"]["KeyChanged"] | components["schemas"]["PauseChanged"] | components["schemas"]["RepositoryConfirmed"] | components["schemas"]["BulkReplayChanged"] | components["schemas"]["QueuesSampled"];
        readonly FileReference: {
            readonly repository: string;
            readonly sha: string;
            readonly path: string;
        };
        readonly HealthResponse: {
            /** @constant */
            readonly status: "ok";
            readonly version: string;
            /** @description The digest of the running image; null if it is not known. */
            readonly imageDigest: string | null;
            /**
             * Format: date-time
             * @description When the process started that sent this response.
             */
            readonly startedAt: string;
            /** @enum {string} */
            readonly authentication: "disabled" | "basic" | "github" | "oidc";
        };
        readonly HistoryFact: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "run.planned";
            readonly runKey: string;
            readonly data: {
                readonly trigger: components["schemas"]["Trigger"];
                readonly revision: number;
                readonly outcome: components["schemas"]["Outcome"];
                readonly code: components["schemas"]["Code"];
                readonly message: string;
                readonly fix: string;
                readonly responsible: components["schemas"]["Responsible"];
                readonly checks: readonly components["schemas"]["Check"][];
                readonly sourceFile?: components["schemas"]["FileReference"];
                readonly unmatched: readonly components["schemas"]["ClosestRule"][];
                readonly allowed: number;
                readonly denied: number;
                readonly lineage: {
                    readonly depth: number;
                    readonly path: readonly components["schemas"]["WorkflowReference"][];
                };
                /** @constant */
                readonly endsProblem?: true;
            };
            /** @constant */
            readonly resolved?: true;
        } | {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "route.decided";
            readonly runKey: string;
            readonly data: {
                readonly revision: number;
                readonly index: number;
                readonly decision: components["schemas"]["Decision"];
                readonly lineage: {
                    readonly depth: number;
                    readonly path: readonly components["schemas"]["WorkflowReference"][];
                };
            };
            /** @constant */
            readonly resolved?: true;
        } | {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "dispatch.failed";
            readonly runKey: string;
            readonly data: {
                readonly dispatchId: string;
                readonly routeId: string;
                readonly route: components["schemas"]["Route"];
                readonly code: components["schemas"]["Code"];
                readonly message: string;
                readonly fix: string;
                readonly responsible: components["schemas"]["Responsible"];
                readonly status: number | null;
                readonly revision?: number;
            };
            /** @constant */
            readonly resolved?: true;
        } | components["schemas"]["RunDelayed"] | components["schemas"]["DeliveryRepeated"] | components["schemas"]["DeliveryIgnored"] | components["schemas"]["DispatchAccepted"] | components["schemas"]["DispatchCompleted"] | components["schemas"]["IssueReported"] | components["schemas"]["PlanReported"] | components["schemas"]["MessageDeadLettered"] | components["schemas"]["OperatorActed"] | components["schemas"]["DeliveriesChecked"] | components["schemas"]["InstallationBudget"] | components["schemas"]["DeadLetterActed"] | components["schemas"]["KeyChanged"] | components["schemas"]["PauseChanged"] | components["schemas"]["RepositoryConfirmed"] | components["schemas"]["BulkReplayChanged"] | components["schemas"]["QueuesSampled"];
        readonly InboundResponse: {
            readonly repository: string;
            readonly uses: readonly components["schemas"]["InboundUse"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly InboundUse: {
            readonly routeId: string;
            readonly route: components["schemas"]["Route"];
            readonly allowed: number;
            readonly denied: number;
            /** Format: date-time */
            readonly lastAt: string;
            readonly lastCode: components["schemas"]["Code"];
        };
        readonly InspectRequest: {
            /** @enum {string} */
            readonly queue: "runs" | "decisions" | "facts" | "undelivered-events";
            readonly deadLetterId: string;
        };
        readonly InspectResponse: {
            readonly id: string;
            readonly queue: string;
            readonly to: string | null;
            readonly misplacedFrom: string | null;
            /** @enum {string} */
            readonly reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
            readonly detail: string | null;
            readonly attempts: number | null;
            readonly redrives: number;
            readonly messageId: string;
            /** Format: date-time */
            readonly since: string;
            readonly correlationId: string;
            readonly runKey: string | null;
            readonly group: string | null;
            readonly body: string;
        };
        readonly Installation: {
            readonly installationId: number;
            readonly resource: string;
            readonly limit: number;
            readonly remaining: number;
            /** Format: date-time */
            readonly resetsAt: string;
            /** Format: date-time */
            readonly seenAt: string;
        };
        readonly InstallationBudget: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "installation.budget";
            readonly runKey?: string;
            readonly data: {
                readonly installationId: number;
                readonly resource: string;
                readonly limit: number;
                readonly remaining: number;
                /** Format: date-time */
                readonly resetsAt: string;
            };
        };
        readonly InstallationsResponse: {
            readonly installations: readonly components["schemas"]["Installation"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly IssueReported: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "issue.reported";
            readonly runKey: string;
            readonly data: {
                readonly dispatchId: string;
                readonly routeId: string;
                readonly route: components["schemas"]["Route"];
                readonly code: components["schemas"]["Code"];
                /** @enum {string} */
                readonly action: "opened" | "updated" | "noted" | "closed" | "skipped" | "unavailable";
                readonly repository: string;
                readonly number: number | null;
                readonly htmlUrl: string | null;
            };
        };
        readonly KeyChanged: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "key.changed";
            readonly runKey?: string;
            readonly data: {
                readonly actionId: string;
                /** @enum {string} */
                readonly action: "created" | "revoked";
                readonly keyId: string;
                readonly name: string;
                /** @enum {string} */
                readonly role?: "viewer" | "operator" | "dispatch";
                readonly targets?: readonly string[];
                readonly operator: string;
                readonly reason: string;
            };
        };
        readonly KeyReference: {
            readonly key: string;
        };
        readonly Latency: {
            readonly measured: number;
            readonly p50: number | null;
            readonly p95: number | null;
            readonly p99: number | null;
        };
        readonly MessageDeadLettered: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "message.dead-lettered";
            readonly runKey?: string;
            readonly data: {
                readonly queue: string;
                readonly messageId: string;
                readonly reason: components["schemas"]["DeadLetterReason"];
                readonly detail: string;
                readonly attempts: number;
                readonly redrives?: number;
            };
        };
        readonly OpenApiResponse: {
            readonly openapi: string;
        } & {
            readonly [key: string]: unknown;
        };
        readonly OperatorActed: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "operator.acted";
            readonly runKey: string;
            readonly data: {
                readonly actionId: string;
                /** @enum {string} */
                readonly action: "as-recorded" | "re-evaluate" | "dispatch-again";
                readonly operator: string;
                readonly reason: string;
                readonly routeId: string | null;
                /** @enum {string} */
                readonly result: "published" | "unknown-run";
                readonly revision: number | null;
                readonly bulkReplayId?: string;
            };
        };
        /** @enum {string} */
        readonly Outcome: "no-config" | "config-invalid" | "config-unreadable" | "source-refused" | "no-match" | "planned" | "paused" | "plan-too-large";
        readonly PauseChangeResponse: {
            readonly actionId: string;
            readonly paused: boolean;
            /** Format: date-time */
            readonly changedAt: string;
            readonly effectiveAt: string | null;
        };
        readonly PauseChanged: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "pause.changed";
            readonly runKey?: string;
            readonly data: {
                readonly actionId: string;
                /** @enum {string} */
                readonly action: "paused" | "resumed";
                readonly operator: string;
                readonly reason: string;
            };
        };
        readonly PauseRequest: {
            readonly reason: string;
        };
        readonly PauseResponse: {
            readonly paused: boolean;
            readonly changedAt: string | null;
            readonly operator: string | null;
            readonly reason: string | null;
        };
        readonly PlanReported: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "plan.reported";
            readonly runKey: string;
            readonly data: {
                readonly revision: number;
                readonly code: components["schemas"]["Code"];
                /** @enum {string} */
                readonly action: "opened" | "updated" | "noted" | "closed" | "skipped" | "unavailable";
                readonly repository: string;
                readonly number: number | null;
                readonly htmlUrl: string | null;
            };
        };
        readonly PlanResponse: {
            readonly runKey: string;
            readonly facts: readonly components["schemas"]["Fact"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly Problem: {
            /** @constant */
            readonly type: "about:blank";
            readonly title: string;
            readonly status: number;
            readonly detail: string;
        };
        readonly QueueSample: {
            readonly queue: string;
            readonly waiting: number;
            readonly inFlight: number;
            readonly delayed: number;
        };
        readonly QueuesResponse: {
            /** Format: date-time */
            readonly sampledAt: string;
            readonly queues: readonly {
                readonly queue: string;
                readonly waiting: number;
                readonly inFlight: number;
                readonly delayed: number;
                readonly lastEmptyAt: string | null;
            }[];
        };
        readonly QueuesSampled: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "queues.sampled";
            readonly runKey?: string;
            readonly data: {
                readonly queues: readonly components["schemas"]["QueueSample"][];
            };
        };
        readonly RedriveRequest: {
            /** @enum {string} */
            readonly queue: "runs" | "decisions" | "facts" | "undelivered-events";
            readonly select: {
                readonly ids: readonly string[];
            } | {
                /** @enum {string} */
                readonly reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
            } | {
                readonly olderThanSeconds: number;
            } | {
                /** @constant */
                readonly all: true;
            };
            /** Format: date-time */
            readonly before?: string;
            readonly reason: string;
            /** @default true */
            readonly dryRun: boolean;
            /** @default 100 */
            readonly limit: number;
            /** @default 20 */
            readonly perSecond: number;
            /** @default false */
            readonly quarantined: boolean;
        };
        readonly ReplayRequest: {
            /** @enum {string} */
            readonly mode: "as-recorded" | "re-evaluate" | "dispatch-again";
            readonly routeId?: string;
            readonly reason: string;
        };
        readonly ReplayResponse: {
            readonly actionId: string;
            readonly runKey: string;
            readonly notice?: string;
        };
        readonly RepositoriesResponse: {
            readonly repositories: readonly components["schemas"]["RepositoryRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly RepositoryConfirmed: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "repository.confirmed";
            readonly runKey?: string;
            readonly data: {
                readonly actionId: string;
                /** @enum {string} */
                readonly side: "source" | "target";
                readonly source: string;
                readonly target: string;
                readonly repositoryId: number;
                readonly operator: string;
                readonly reason: string;
            };
        };
        readonly RepositoryFactsResponse: {
            readonly repository: string;
            readonly facts: readonly components["schemas"]["FactSummary"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly RepositoryResponse: {
            readonly repository: string;
            readonly asSource: {
                readonly deliveries: number;
                readonly plans: {
                    readonly [key: string]: number;
                };
                readonly lastRunAt: string | null;
            };
            readonly asTarget: {
                readonly decisions: {
                    readonly [key: string]: number;
                };
                readonly allowed: number;
                readonly denied: number;
                readonly lastDecisionAt: string | null;
            };
        };
        readonly RepositoryRow: {
            readonly repository: string;
            /** Format: date-time */
            readonly lastFactAt: string;
        };
        readonly RequestedDispatch: {
            /** @constant */
            readonly kind: "workflow";
            readonly repository: string;
            readonly workflow: string;
            readonly ref: string | null;
            readonly inputs: {
                readonly [key: string]: string;
            };
        } | {
            /** @constant */
            readonly kind: "event";
            readonly repository: string;
            readonly eventType: string;
            readonly clientPayload?: string | null;
        };
        /** @enum {string} */
        readonly Responsible: "source" | "target" | "operator" | "nobody";
        readonly RevokeKeyRequest: {
            readonly reason: string;
        };
        readonly RevokedKeyResponse: {
            readonly actionId: string;
            readonly key: components["schemas"]["ApiKey"];
            readonly notice?: string;
        };
        readonly Route: {
            readonly source: components["schemas"]["WorkflowReference"] | components["schemas"]["KeyReference"];
            readonly target: components["schemas"]["WorkflowReference"] | components["schemas"]["EventReference"];
            readonly id?: string;
        };
        readonly RouteDecided: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "route.decided";
            readonly runKey: string;
            readonly data: {
                readonly trigger: components["schemas"]["Trigger"];
                readonly revision: number;
                readonly index: number;
                readonly decision: components["schemas"]["Decision"];
                readonly lineage: {
                    readonly depth: number;
                    readonly path: readonly components["schemas"]["WorkflowReference"][];
                };
            };
        };
        readonly RouteFactsResponse: {
            readonly routeId: string;
            readonly facts: readonly components["schemas"]["FactSummary"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly RouteResponse: {
            readonly routeId: string;
            readonly route: components["schemas"]["Route"];
            readonly latest: components["schemas"]["RouteRow"];
            readonly results: readonly components["schemas"]["RouteResult"][];
            readonly lastSuccess: components["schemas"]["RouteResult"] | null;
            readonly successRate: number | null;
            readonly agreement: {
                readonly agreed: boolean;
                readonly code: components["schemas"]["Code"];
                readonly responsible: components["schemas"]["Responsible"];
                readonly message: string;
                /** Format: date-time */
                readonly decidedAt: string;
            } | null;
        };
        readonly RouteResult: {
            readonly factId: string;
            /** Format: date-time */
            readonly time: string;
            readonly runKey: string;
            readonly dispatchId: string;
            /** @enum {string} */
            readonly state: "denied" | "failed" | "completed" | "accepted-unverified";
            readonly code: components["schemas"]["Code"] | null;
            readonly conclusion: string | null;
            readonly targetRunUrl: string | null;
        };
        readonly RouteRow: {
            readonly routeId: string;
            readonly route: components["schemas"]["Route"];
            /** @enum {string} */
            readonly state: "allowed" | "denied" | "accepted" | "failed" | "completed";
            /** Format: date-time */
            readonly time: string;
            readonly runKey: string;
            readonly dispatchId: string;
            readonly code?: components["schemas"]["Code"];
            readonly conclusion?: string | null;
            readonly targetRunUrl?: string | null;
        };
        readonly RoutesResponse: {
            readonly routes: readonly components["schemas"]["RouteRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly RunCompleted: {
            /** @constant */
            readonly type: "run.completed";
            /** @constant */
            readonly version: 1;
            readonly deliveryId: string;
            /** Format: date-time */
            readonly receivedAt: string;
            readonly installationId: number;
            readonly repository: {
                readonly id: number;
                readonly owner: string;
                readonly name: string;
                readonly defaultBranch: string;
            };
            readonly workflow: string;
            readonly run: {
                readonly id: number;
                readonly number: number;
                readonly attempt: number;
                readonly event: string;
                readonly conclusion: string | null;
                readonly headBranch: string | null;
                readonly headSha: string;
                readonly headRepositoryId: number | null;
                readonly htmlUrl: string;
                /** Format: date-time */
                readonly createdAt?: string;
                readonly startedAt: string | null;
                /** Format: date-time */
                readonly updatedAt: string;
                readonly actor: string | null;
            };
        };
        readonly RunDelayed: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "run.delayed";
            readonly runKey: string;
            readonly data: {
                readonly revision: number;
                readonly message: string;
                readonly repository: string | null;
                readonly workflow: string | null;
                /** Format: date-time */
                readonly nextTryAt: string;
                /** Format: date-time */
                readonly giveUpAt: string;
            };
        };
        readonly RunPlanned: {
            /** @constant */
            readonly version: 1;
            readonly id: string;
            /** Format: date-time */
            readonly time: string;
            readonly correlationId: string;
            /** @constant */
            readonly type: "run.planned";
            readonly runKey: string;
            readonly data: {
                readonly trigger: components["schemas"]["Trigger"];
                readonly revision: number;
                readonly outcome: components["schemas"]["Outcome"];
                readonly code: components["schemas"]["Code"];
                readonly message: string;
                readonly fix: string;
                readonly responsible: components["schemas"]["Responsible"];
                readonly checks: readonly components["schemas"]["Check"][];
                readonly sourceFile?: components["schemas"]["FileReference"];
                readonly unmatched: readonly components["schemas"]["ClosestRule"][];
                readonly allowed: number;
                readonly denied: number;
                readonly lineage: {
                    readonly depth: number;
                    readonly path: readonly components["schemas"]["WorkflowReference"][];
                };
                /** @constant */
                readonly endsProblem?: true;
            };
        };
        readonly RunResponse: {
            readonly runKey: string;
            /** @description Newest first. A revision of a large run continues on the next page. */
            readonly revisions: readonly components["schemas"]["RunRevision"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly RunRevision: {
            readonly revision: number;
            readonly plannedAt: string | null;
            readonly outcome: components["schemas"]["Outcome"] | null;
            readonly facts: readonly components["schemas"]["HistoryFact"][];
        };
        readonly RunSearchResult: {
            readonly runKey: string;
            readonly deliveryId: string;
            /** Format: date-time */
            readonly time: string;
            readonly repository: string | null;
            readonly workflow: string | null;
            readonly key: string | null;
            readonly commit: string | null;
            readonly outcome: components["schemas"]["Outcome"] | null;
            readonly dispatchId: string | null;
        };
        readonly RunsResponse: {
            readonly runs: readonly components["schemas"]["RunSearchResult"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            readonly cursor: string | null;
        };
        readonly SendEventBody: {
            readonly repository: string;
            readonly event_type: string;
            readonly client_payload?: {
                readonly [key: string]: unknown;
            };
        };
        readonly StartWorkflowBody: {
            readonly repository: string;
            readonly workflow: string;
            readonly ref?: string;
            readonly inputs?: {
                readonly [key: string]: string;
            };
        };
        readonly SummaryResponse: {
            /** @enum {string} */
            readonly window: "hour" | "day" | "week" | "all";
            readonly from: string | null;
            /** Format: date-time */
            readonly rolledUpAt: string;
            readonly deliveries: {
                readonly received: number;
                readonly repeated: number;
            };
            readonly requests: number;
            readonly plans: {
                readonly [key: string]: number;
            };
            readonly decisions: {
                readonly [key: string]: number;
            };
            readonly dispatches: {
                readonly [key: string]: number;
            };
            readonly conclusions: {
                readonly [key: string]: number;
            };
            readonly latency: {
                readonly decided: components["schemas"]["Latency"];
                readonly accepted: components["schemas"]["Latency"];
            };
            readonly freshness: {
                readonly lastDeliveryAt: string | null;
                readonly checkedUntil: string | null;
                readonly checkLagMs: number | null;
            };
        };
        readonly TrendResponse: {
            /** Format: date-time */
            readonly rolledUpAt: string;
            readonly hours: readonly {
                /** Format: date-time */
                readonly hour: string;
                readonly deliveries: number;
                readonly requests: number;
                readonly plans: number;
                readonly allowed: number;
                readonly denied: number;
                readonly accepted: number;
                readonly failed: number;
                readonly completed: number;
                readonly succeeded: number;
            }[];
        };
        readonly Trigger: components["schemas"]["RunCompleted"] | components["schemas"]["DispatchRequested"];
        readonly WorkflowReference: {
            readonly repository: string;
            readonly workflow: string;
        };
        readonly getDeadLettersByQueueDepth: {
            /** @enum {string} */
            readonly queue: "runs" | "decisions" | "facts" | "undelivered-events";
            readonly waiting: number;
            readonly inFlight: number;
        };
        readonly getMe: {
            readonly name: string;
            /** @enum {string} */
            readonly kind: "disabled" | "basic" | "github" | "oidc" | "key";
            /** @description Unique within its kind, and never given to another person. */
            readonly account: string;
            /** @enum {string} */
            readonly role: "viewer" | "operator";
            /** @description Null: the request has no session cookie, but a token, a key or nothing to end. */
            readonly session: {
                /** Format: date-time */
                readonly signedInAt: string;
                /** Format: date-time */
                readonly endsAt: string;
            } | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly getHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HealthResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getMe: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["getMe"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSummary: {
        readonly parameters: {
            readonly query?: {
                /** @description The last 60 minutes, 24 hours, 168 hours, or all time. */
                readonly window?: "hour" | "day" | "week" | "all";
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SummaryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getTrend: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TrendResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getQueues: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["QueuesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDeadLetters: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeadLetterSummaryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description Only of this source repository: `owner/name`, in any case. */
                readonly repository?: string;
                /** @description Only deliveries of this kind. `requested`: requests of API keys. Planned runs are found by `outcome`. */
                readonly kind?: "requested" | "delayed" | "repeated" | "ignored" | "dead-lettered";
                /** @description Only plans with this outcome. */
                readonly outcome?: "no-config" | "config-invalid" | "config-unreadable" | "source-refused" | "no-match" | "planned" | "paused" | "plan-too-large";
                /** @description Only plans with this code, which is more precise than an outcome. */
                readonly code?: string;
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                readonly since?: string;
                /** @description Only rows before this time. */
                readonly until?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeliveriesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDeliveriesById: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description The delivery’s GUID (`X-GitHub-Delivery`). */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeliveryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is recorded for this delivery. Only deliveries of completed workflow runs are recorded. Those of other events and actions, and rejected ones, are only in the log of the ingress function, under their GUID. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRuns: {
        readonly parameters: {
            readonly query?: {
                /** @description A run id, or the URL of a run, attempt or job on GitHub; of the source or of the target. */
                readonly run?: string;
                /** @description The head commit of the source’s run: all 40 hex digits. */
                readonly commit?: string;
                /** @description The delivery’s GUID (`X-GitHub-Delivery`). */
                readonly delivery?: string;
                /** @description A dispatch id. */
                readonly dispatch?: string;
                /** @description Only of this source repository: `owner/name`, in any case. */
                readonly repository?: string;
                /** @description Only deliveries of this kind. `requested`: requests of API keys. Planned runs are found by `outcome`. */
                readonly kind?: "requested" | "delayed" | "repeated" | "ignored" | "dead-lettered";
                /** @description Only plans with this outcome. */
                readonly outcome?: "no-config" | "config-invalid" | "config-unreadable" | "source-refused" | "no-match" | "planned" | "paused" | "plan-too-large";
                /** @description Only plans with this code, which is more precise than an outcome. */
                readonly code?: string;
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                readonly since?: string;
                /** @description Only rows before this time. */
                readonly until?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RunsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No recorded run matches the search parameter. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRunsByRunKey: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description Repository id, run id and attempt: `11-9000000001-1`. For a `POST /dispatch` request: `request-` and 32 hex digits. */
                readonly runKey: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RunResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is recorded for this run. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getPlansByRunKey: {
        readonly parameters: {
            readonly query?: {
                /** @description Only the plan of this revision; the first one is 0. */
                readonly revision?: number;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description Repository id, run id and attempt: `11-9000000001-1`. For a `POST /dispatch` request: `request-` and 32 hex digits. */
                readonly runKey: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PlanResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No plan of this run is stored, or none of this revision. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDispatches: {
        readonly parameters: {
            readonly query?: {
                /** @description Only of this target repository: `owner/name`, in any case. */
                readonly repository?: string;
                /** @description Only dispatches whose newest step is this. `accepted`: started, and not completed yet. */
                readonly state?: "accepted" | "accepted-unverified" | "failed" | "completed";
                /** @description Only dispatches with this code, which only failed and unverified ones have. */
                readonly code?: string;
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                readonly since?: string;
                /** @description Only rows before this time. */
                readonly until?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DispatchesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDispatchesByDispatchId: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description 32 hex digits. */
                readonly dispatchId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DispatchFactsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is recorded for this dispatch. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRepositories: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RepositoriesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRepositoriesByOwnerByName: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description Not case-sensitive, as on GitHub. */
                readonly owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RepositoryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this repository. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRepositoriesByOwnerByNameFacts: {
        readonly parameters: {
            readonly query?: {
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                readonly since?: string;
                /** @description Only rows before this time. */
                readonly until?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description Not case-sensitive, as on GitHub. */
                readonly owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RepositoryFactsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this repository. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRepositoriesByOwnerByNameInbound: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description Not case-sensitive, as on GitHub. */
                readonly owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InboundResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRoutes: {
        readonly parameters: {
            readonly query?: {
                /** @description Only routes into this target repository: `owner/name`, in any case. */
                readonly repository?: string;
                /** @description Only routes whose newest step needs action. */
                readonly state?: "denied" | "failed";
                /** @description Only denied and failed routes with this code. */
                readonly code?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RoutesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRoutesByRouteId: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description 16 hex digits. */
                readonly routeId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this route. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRoutesByRouteIdFacts: {
        readonly parameters: {
            readonly query?: {
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                readonly since?: string;
                /** @description Only rows before this time. */
                readonly until?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description 16 hex digits. */
                readonly routeId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RouteFactsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this route. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getInstallations: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InstallationsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDeadLettersByQueue: {
        readonly parameters: {
            readonly query?: {
                /** @description Only dead letters in this state. */
                readonly state?: "open" | "redriven" | "discarded" | "quarantined";
                /** @description Only dead letters with this reason. */
                readonly reason?: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered";
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                readonly since?: string;
                /** @description Only rows before this time. */
                readonly until?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description The source queue. `undelivered-events`: events that EventBridge could not deliver to their queue. */
                readonly queue: "runs" | "decisions" | "facts" | "undelivered-events";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeadLettersResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAudit: {
        readonly parameters: {
            readonly query?: {
                /** @description Only actions of this operator. */
                readonly operator?: string;
                /** @description Only actions of this kind. */
                readonly action?: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed";
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                readonly since?: string;
                /** @description Only rows before this time. */
                readonly until?: string;
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postRunsByRunKeyReplay: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description Repository id, run id and attempt: `11-9000000001-1`. For a `POST /dispatch` request: `request-` and 32 hex digits. */
                readonly runKey: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        readonly responses: {
            /** @description Accepted: executed asynchronously. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReplayResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No plan is recorded for this run. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postDeliveriesByIdReplay: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description The delivery’s GUID (`X-GitHub-Delivery`). */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        readonly responses: {
            /** @description Accepted: executed asynchronously. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ReplayResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No plan is recorded for this run. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBulkReplays: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkReplaysResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postBulkReplays: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["BulkReplayRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkReplayStartResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another bulk replay is active; `detail` says which and whose. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBulkReplaysByBulkReplayId: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                readonly bulkReplayId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkReplayResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no bulk replay with this id. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getBulkReplaysByBulkReplayIdRuns: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                readonly bulkReplayId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkReplayItemsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postBulkReplaysByBulkReplayIdStop: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                readonly bulkReplayId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["BulkReplayChangeRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkReplayChangedResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no bulk replay with this id. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of the bulk replay forbids it. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postBulkReplaysByBulkReplayIdResume: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                readonly bulkReplayId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["BulkReplayChangeRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["BulkReplayChangedResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no bulk replay with this id. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of the bulk replay forbids it. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDeadLettersByQueueDepth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path: {
                /** @description The source queue. `undelivered-events`: events that EventBridge could not deliver to their queue. */
                readonly queue: "runs" | "decisions" | "facts" | "undelivered-events";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["getDeadLettersByQueueDepth"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postDeadLettersInspect: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["InspectRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["InspectResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dead letter is not in the queue. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another reader holds messages of the queue. Try again after the number of seconds in `Retry-After`. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postDeadLettersRedrive: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeadLetterActionResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postDeadLettersDiscard: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DiscardRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DeadLetterActionResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getPause: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PauseResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postPause: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PauseRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PauseChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The change is effective, but was not recorded. Repeat it. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postResume: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PauseRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PauseChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The change is effective, but was not recorded. Repeat it. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getKeys: {
        readonly parameters: {
            readonly query?: {
                /** @description The `cursor` of the previous page. */
                readonly cursor?: string;
                /** @description The maximum number of items. */
                readonly limit?: number;
            };
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ApiKeysResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postKeys: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CreateKeyRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CreatedKeyResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An active key has this name, a key of this name was created at the same time, or this `Idempotency-Key` was used before. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The change is incomplete; the detail says what was done. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postKeysByKeyIdRevoke: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description 16 hex digits. */
                readonly keyId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["RevokeKeyRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["RevokedKeyResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not exist. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key was revoked, and the change was not recorded. Repeat it. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postRepositoriesByOwnerByNameConfirm: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                /** @description Not case-sensitive, as on GitHub. */
                readonly owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                readonly name: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ConfirmRepositoryRequest"];
            };
        };
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConfirmRepositoryResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No dispatch between the two repositories was ever allowed. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No repository with this id was refused. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            readonly 414: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The confirmation is effective, but was not recorded. Repeat it. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getOpenapiJson: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                readonly "If-None-Match"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Success. */
            readonly 200: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OpenApiResponse"];
                };
            };
            /** @description The cached response has not changed. */
            readonly 304: {
                headers: {
                    /** @description Changes with the response. */
                    readonly ETag?: string;
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly postDispatch: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["DispatchApiRequest"];
            };
        };
        readonly responses: {
            /** @description Accepted: executed asynchronously. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["DispatchResponse"];
                };
            };
            /** @description A field is missing or invalid, or the body is larger than 256 KB; `field` names it. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description The API key is missing or invalid; the response does not say which. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description The key, the target or the operator does not allow it; `code`, `detail` and `fix` say why. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description The method is not `POST`; the header `allow` names it. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description This `Idempotency-Key` was used with a different body. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description GitHub or AWS did not respond; `retry-after` says when to retry. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
        };
    };
}
