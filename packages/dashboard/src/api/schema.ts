// Generated from docs/reference/openapi.json by packages/api-types. Do not edit: `npm run docs` writes it.

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the health, what is running since when, and the configured authentication. Needs no authentication. */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns who the request is authenticated as, with which role, and when the session ends.
         * @description `POST /auth/sign-out` ends the session.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns counts, latencies and freshness for one time window. */
        get: operations["getSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the last 48 hours, hour by hour, oldest first. */
        get: operations["getTrend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the depth and age of all queues, as of the last roll-up. */
        get: operations["getQueues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns whether Dispatcher works, in words and as checks with their values and thresholds. For monitors: look at `state`. */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the recorded dead letters by queue and reason, with a sample, and the depth of each dead-letter queue. */
        get: operations["getDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the newest facts of all repositories: about deliveries, about dispatches, or about actions of operators.
         * @description One line per fact, sorted by the time at which the delivery was received, the dispatch was accepted, or the operator acted. Decisions and issues are in the history of their run.
         */
        get: operations["getFacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the deliveries, newest first, each with the result of its newest revision.
         * @description A delivery is listed once its run was delayed, was planned, was recognized as a repeat, was ignored, or became a dead letter. The list is sorted by the time of receipt: when a delivery is planned again, `updatedAt` changes, and `time` does not. Only deliveries of completed workflow runs are recorded. Those of other events and actions, and rejected ones, are only in the log of the ingress function, under their GUID.
         */
        get: operations["getDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns what became of one delivery: its plans, its delay, its repeats or its dead letter, oldest first.
         * @description Each entry names the run; GET /api/runs/{runKey} returns its whole history, with decisions and dispatches.
         */
        get: operations["getDeliveriesById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists runs, or searches them by their id or URL on GitHub, by commit, delivery or dispatch; newest first.
         * @description Takes either one of `run`, `commit`, `delivery` and `dispatch`, or the filters. A run that was delivered under two GUIDs is listed for each of them.
         */
        get: operations["getRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runKey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the history of one run: its facts in order of time, grouped by the revision of its plan, newest revision first.
         * @description Without satisfied checks; `GET /api/plans/{runKey}` returns all of them. A plan, a denied decision or a failed dispatch is marked as `resolved` once a dispatch of a later revision was accepted, of the same route if it names one. A fact marked as `abridged` is too long to be stored whole: the plan has its texts in full. A page holds about a thousand facts, ten for each of a hundred targets; with more, each page is grouped for itself.
         */
        get: operations["getRunsByRunKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/plans/{runKey}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the plan of one run: its outcome, and its decisions with all their checks.
         * @description Includes every revision, newest first, unless `revision` names one: each re-evaluation by an operator adds one. A plan is stored for 100 days.
         */
        get: operations["getPlansByRunKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/files/{blobId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the content of a `dispatching.yml` that a plan was decided on.
         * @description A content is stored once, under its Git blob id, and at least as long as the plans that were decided on it.
         */
        get: operations["getFilesByBlobId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dispatches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the dispatches, newest first, each with its newest step.
         * @description A dispatch keeps its place in the list when its run completes: `updatedAt` changes, `time` does not. One that failed and was started at a replay is listed when it was started. A failed one is marked as `resolved` once GitHub accepted a later dispatch of the same route and run.
         */
        get: operations["getDispatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dispatches/{dispatchId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the decisions that allowed one dispatch, one per revision of the plan, oldest first.
         * @description Each names the run; GET /api/runs/{runKey} returns its whole history, with what became of the dispatch, and denied decisions.
         */
        get: operations["getDispatchesByDispatchId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the repositories that facts mention, by name. */
        get: operations["getRepositories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{owner}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the all-time counts of one repository, as source and as target. */
        get: operations["getRepositoriesByOwnerByName"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{owner}/{name}/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the facts of one repository, newest first: its runs as source, the decisions about it as target.
         * @description One line per fact; GET /api/runs/{runKey} returns the whole facts of a run.
         */
        get: operations["getRepositoriesByOwnerByNameFacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{owner}/{name}/inbound": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the routes into one repository: which sources start its workflows, when they last did, and how often they were denied.
         * @description Empty if nothing was ever requested of this repository.
         */
        get: operations["getRepositoriesByOwnerByNameInbound"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the routes by target repository, each with its latest fact. */
        get: operations["getRoutes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/routes/{routeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns one route: its last 24 results, last success, success rate, and whether both sides agree. */
        get: operations["getRoutesByRouteId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/routes/{routeId}/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns the ends of one route, newest first: denials, failed and completed dispatches, runs that cannot be followed.
         * @description One line per fact; GET /api/runs/{runKey} returns the whole facts of a run.
         */
        get: operations["getRoutesByRouteIdFacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the owners of the consent graph with the numbers of their edges and their circles, by name.
         * @description The graph is computed from what each repository says in its dispatching.yml, whether or not a run used it. It follows a change within a minute after the file was read.
         */
        get: operations["getGraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/graph/{owner}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the repositories of an owner with their edges: who agrees with whom, who only requests, who only offers.
         * @description Repositories without a dispatching.yml and without an edge are left out. An edge between two repositories is listed with both.
         */
        get: operations["getGraphByOwner"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sweeps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the progress of the sweep through each installation.
         * @description The sweep reads the dispatching.yml of every repository, and finds repositories that were deleted or transferred. It begins every six hours, and uses at most 5 % of the installation’s GraphQL points an hour.
         */
        get: operations["getSweeps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{owner}/{name}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns what one repository says in its dispatching.yml, its edges, and the ids behind the names that it uses. */
        get: operations["getRepositoriesByOwnerByNameGraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/installations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the installations with their remaining GitHub rate limit, as last observed. */
        get: operations["getInstallations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the recorded dead letters of one queue, newest first. */
        get: operations["getDeadLettersByQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the actions of operators, newest first: replays, dead letters, API keys, pauses, confirmed repositories. */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns what is new in a list since the last event, as server-sent events, and ends.
         * @description For `EventSource`, which asks again by itself. `retry` is 3 seconds after something new and rises to 15 seconds in quiet. If there is something new, the response has one event: `{ "facts": […], "more": false }`, oldest fact first. `more` is true if there may be more than these, always in the first response: read the list. One request compares the newest 30 facts of the list.
         */
        get: operations["getStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runKey}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replays a run: publishes the stored plan again, re-evaluates it, or dispatches a route again. */
        post: operations["postRunsByRunKeyReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replays the run of a delivery. */
        post: operations["postDeliveriesByIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk-replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the bulk replays, newest first. */
        get: operations["getBulkReplays"];
        put?: never;
        /**
         * Replays the selected runs, oldest first and at a limited rate. It is a dry run unless it says otherwise.
         * @description The bulk replay goes on by itself within a minute; read its progress, stop it and resume it. Only one is active at a time.
         */
        post: operations["postBulkReplays"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk-replays/{bulkReplayId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns one bulk replay with its progress. */
        get: operations["getBulkReplaysByBulkReplayId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk-replays/{bulkReplayId}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the runs that a bulk replay has selected. */
        get: operations["getBulkReplaysByBulkReplayIdRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk-replays/{bulkReplayId}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a bulk replay: no further replay is requested. Those that were requested are carried out. */
        post: operations["postBulkReplaysByBulkReplayIdStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/bulk-replays/{bulkReplayId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes a stopped bulk replay with the first run that was not requested. */
        post: operations["postBulkReplaysByBulkReplayIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/{queue}/depth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns the number of messages in one dead-letter queue, according to SQS. */
        get: operations["getDeadLettersByQueueDepth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/inspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Returns one dead letter with its whole message, and leaves it in its dead-letter queue. */
        post: operations["postDeadLettersInspect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrives the selected dead letters to their source queue, undelivered events to their target queue.
         * @description A dead letter that was redriven three times is quarantined and stays.
         */
        post: operations["postDeadLettersRedrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes the selected dead letters permanently. */
        post: operations["postDeadLettersDiscard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns whether all dispatches are paused, since when and why. */
        get: operations["getPause"];
        put?: never;
        /** Pauses all dispatches. Decisions wait, and nothing starts after `effectiveAt`. */
        post: operations["postPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes all dispatches. Waiting decisions start within 30 seconds, those older than 4 hours within 15 minutes. */
        post: operations["postResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the API keys by id, including revoked and expired ones, without their secrets. */
        get: operations["getKeys"];
        put?: never;
        /** Creates an API key. The response is the only one with its secret; a repeat with the same `Idempotency-Key` is refused. */
        post: operations["postKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{keyId}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revokes an API key. It can no longer start or change anything; it may read for up to another minute. */
        post: operations["postKeysByKeyIdRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the schedules by name, with their next five times. */
        get: operations["getSchedules"];
        put?: never;
        /** Creates a schedule. Its target must allow it: `source: { schedule: NAME }` in `inbound`. */
        post: operations["postSchedules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pauses a schedule. Requests of it that wait start nothing any more. */
        post: operations["postSchedulesByNamePause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes a schedule with its next time. Times during the pause are not made up for. */
        post: operations["postSchedulesByNameResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requests the dispatch of a schedule now. Its next time stays the same. */
        post: operations["postSchedulesByNameRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules/{name}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes a schedule. Requests of it that wait start nothing any more. */
        post: operations["postSchedulesByNameDelete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the webhooks by name, without their secrets, with the last message that each accepted and refused. */
        get: operations["getWebhooks"];
        put?: never;
        /** Creates a webhook. Its target must allow it: `source: { webhook: NAME }` in `inbound`. The response is the only one with its secret. */
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{name}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets a new secret. The former one is accepted for a day, or as long as the request says. */
        post: operations["postWebhooksByNameRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pauses a webhook. It accepts and ignores messages; requests that wait start nothing any more. */
        post: operations["postWebhooksByNamePause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes a webhook. Messages during the pause are not made up for. */
        post: operations["postWebhooksByNameResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what a message would request, without a signature; requests it only with `run`. */
        post: operations["postWebhooksByNameTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{name}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes a webhook and its secret. Requests of it that wait start nothing any more. */
        post: operations["postWebhooksByNameDelete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/repositories/{owner}/{name}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirms that the name of a repository belongs to another repository than before, or that an owner has no policy any more.
         * @description For decisions with `source-replaced` or `target-replaced`; with the role `policy`, for `policy-unreadable` and `target-policy-unreadable`. Runs that were refused are not planned again: replay them.
         */
        post: operations["postRepositoriesByOwnerByNameConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns this API as an OpenAPI 3.1 document. */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dispatch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts a workflow or sends a repository_dispatch event in a repository whose file allows the key or the job.
         * @description The key needs the role `dispatch`. With `workflow` it starts a workflow_dispatch, with `event_type` a repository_dispatch. A job of a running workflow sends its GitHub Actions OIDC token, whose audience is this address, and names one target of an outbound rule. `202`: both sides agree, and the dispatch follows asynchronously.
         */
        post: operations["postDispatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ApiKey: {
            keyId: string;
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "dispatch";
            targets: string[];
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            expiresAt: string | null;
            revokedAt: string | null;
            lastUsedAt: string | null;
        };
        ApiKeysResponse: {
            readonly keys: components["schemas"]["ApiKey"][];
            cursor: string | null;
        };
        AuditResponse: {
            readonly entries: components["schemas"]["AuditRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        AuditRow: {
            factId: string;
            /** Format: date-time */
            time: string;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
        };
        BulkReplay: {
            bulkReplayId: string;
            /** @enum {string} */
            state: "selecting" | "running" | "stopped" | "completed";
            /** @enum {string} */
            mode: "as-recorded" | "re-evaluate";
            selection: components["schemas"]["BulkReplaySelection"];
            perMinute: number;
            operator: string;
            reason: string;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            changedAt: string;
            changedBy: string | null;
            selected: number;
            requested: number;
            problem: string | null;
        };
        BulkReplayChangeRequest: {
            reason: string;
        };
        BulkReplayChangedResponse: {
            /** @constant */
            dryRun: false;
            replay: components["schemas"]["BulkReplay"];
            notice?: string;
        };
        BulkReplayItemsResponse: {
            bulkReplayId: string;
            readonly runs: components["schemas"]["SelectedRun"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        BulkReplayPreview: {
            /** @constant */
            dryRun: true;
            /** Format: date-time */
            until: string;
            selected: number;
            more: boolean;
            readonly runs: components["schemas"]["SelectedRun"][];
        };
        BulkReplayRequest: {
            /**
             * @default as-recorded
             * @enum {string}
             */
            mode: "as-recorded" | "re-evaluate";
            outcome?: components["schemas"]["Outcome"];
            code?: components["schemas"]["Code"];
            repository?: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until?: string;
            /** @default 60 */
            perMinute: number;
            reason: string;
            /** @default true */
            dryRun: boolean;
        };
        BulkReplayResponse: {
            replay: components["schemas"]["BulkReplay"];
        };
        BulkReplaySelection: {
            repository: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            code: components["schemas"]["Code"] | null;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            until: string;
        };
        BulkReplayStartResponse: components["schemas"]["BulkReplayPreview"] | components["schemas"]["BulkReplayChangedResponse"];
        BulkReplaysResponse: {
            readonly bulkReplays: components["schemas"]["BulkReplay"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        Check: {
            /** @enum {string} */
            side: "run" | "source" | "target" | "operator";
            name: string;
            satisfied: boolean;
            expected: string;
            actual: string;
        };
        ClosestRule: {
            rule: string;
            checks: components["schemas"]["Check"][];
        };
        /** @enum {string} */
        Code: "allowed" | "planned" | "no-config" | "config-invalid" | "config-ambiguous" | "config-unreadable" | "no-match" | "plan-too-large" | "paused" | "fork-run" | "run-too-old" | "run-in-future" | "source-not-allowed" | "source-workflow-not-allowed" | "source-branch-unreadable" | "source-not-visible" | "source-gone" | "source-ref-unreadable" | "source-ref-ambiguous" | "source-commit-gone" | "duplicate-route" | "self-dispatch" | "route-loop" | "depth-exceeded" | "lineage-unknown" | "too-many-targets" | "patterns-off" | "public-target" | "target-not-allowed" | "policy-refused" | "policy-invalid" | "policy-unreadable" | "input-value-invalid" | "key-ended" | "key-scope" | "schedule-ended" | "schedule-scope" | "webhook-ended" | "webhook-scope" | "job-input-unused" | "source-runs-unreadable" | "waiting-for-needs" | "already-dispatched" | "target-not-visible" | "target-refused" | "target-unreadable" | "plan-over-budget" | "target-archived" | "target-branch-unreadable" | "target-no-config" | "target-config-invalid" | "target-config-ambiguous" | "inbound-no-match" | "source-replaced" | "target-replaced" | "inbound-branch" | "inbound-event" | "inbound-environment" | "inbound-conclusion" | "inbound-attempt" | "inbound-ref" | "inbound-input" | "target-policy-refused" | "target-policy-invalid" | "target-policy-unreadable" | "workflow-missing" | "workflow-invalid" | "workflow-trigger-missing" | "ref-missing" | "input-undeclared" | "input-missing" | "input-type" | "app-permission-missing" | "source-refused" | "inbound-disabled" | "dry-run" | "decision-outdated" | "dispatch-not-found" | "dispatch-forbidden" | "dispatch-rejected" | "dispatch-gone" | "target-not-installed" | "outcome-unknown" | "response-lost" | "run-not-started";
        ConfigProblem: {
            line: number;
            column: number;
            message: string;
            fix: string;
        };
        ConfirmRepositoryRequest: {
            /** @description `owner/name` of the other side: the repository whose rule names this one. Required, except with the role `policy`. */
            otherRepository?: string;
            /**
             * @description The side of this repository: whether its runs start workflows, or its workflows are started. `policy`: this is `owner/.github`, and the owner removed its policy.
             * @enum {string}
             */
            role: "source" | "target" | "policy";
            /** @description The id that the refused decision shows. */
            repositoryId: number;
            reason: string;
        };
        ConfirmRepositoryResponse: {
            actionId: string;
            source: string;
            target: string;
            repositoryId: number;
            /** Format: date-time */
            confirmedAt: string;
            notice?: string;
        };
        ConsentEdge: {
            /** @enum {string} */
            state: "agreed" | "requested" | "offered";
            source: {
                repository: string;
                repositoryId: number | null;
                visibility: ("public" | "private" | "internal") | null;
                installationId: number | null;
                renamedTo?: string;
                formerRepositoryId?: number;
                workflow: string;
            } | {
                requester: string;
                name: string;
            };
            target: {
                repository: string;
                repositoryId: number | null;
                visibility: ("public" | "private" | "internal") | null;
                installationId: number | null;
                renamedTo?: string;
                formerRepositoryId?: number;
                workflow: string | null;
                eventType: string | null;
            };
            id: string | null;
            routeId: string | null;
            outbound: string | null;
            inbound: string | null;
            code: components["schemas"]["Code"] | null;
        };
        CreateKeyRequest: {
            name: string;
            /** @enum {string} */
            role: "viewer" | "operator" | "dispatch";
            /** @default [] */
            targets: string[];
            /** @default 365 */
            expiresInDays: number;
            /** @default false */
            rotate: boolean;
            reason: string;
        };
        CreateScheduleRequest: {
            name: string;
            cron: string;
            /** @default UTC */
            timezone: string;
            target: string;
            ref?: string;
            /** @default {} */
            inputs: {
                [key: string]: string;
            };
            reason: string;
        };
        CreateWebhookRequest: {
            name: string;
            verify: string;
            target: string;
            ref?: string;
            /** @default {} */
            inputs: {
                [key: string]: string;
            };
            /** @default {} */
            when: {
                [key: string]: string;
            };
            secret?: string;
            reason: string;
        };
        CreatedKeyResponse: {
            actionId: string;
            key: components["schemas"]["ApiKey"];
            secret: string;
            notice?: string;
        };
        DeadLetter: {
            deadLetterId: string;
            queue: string;
            messageId: string;
            reason: string;
            detail: string;
            attempts: number;
            redrives: number;
            /** Format: date-time */
            deadLetteredAt: string;
            deliveryId: string;
            runKey: string | null;
            /** @enum {string} */
            state: "open" | "redriven" | "discarded" | "quarantined";
            /** Format: date-time */
            stateAt: string;
        };
        DeadLetterActionResponse: {
            actionId: string;
            notice?: string;
            dryRun: boolean;
            /** Format: date-time */
            before: string;
            scanned: number;
            newer: number;
            outcomes: {
                [key: string]: number;
            };
            deadLetters: {
                id: string;
                to: string | null;
                /** @enum {string} */
                reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
                /** Format: date-time */
                since: string;
                redrives: number;
                runKey: string | null;
                /** @enum {string} */
                outcome: "redriven" | "discarded" | "quarantined" | "misplaced" | "failed";
                problem: string | null;
            }[];
            notFound: string[];
            /** @enum {string} */
            ended: "completed" | "held" | "limit" | "stopped" | "failed";
            problem: string | null;
            more: boolean;
            queueDepth: {
                waiting: number;
                inFlight: number;
            } | null;
        };
        /** @enum {string} */
        DeadLetterReason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered";
        DeadLetterSummaryResponse: {
            /** Format: date-time */
            rolledUpAt: string;
            groups: {
                queue: string;
                reason: string;
                open: number;
                sample: components["schemas"]["DeadLetter"];
            }[];
            queues: {
                queue: string;
                recorded: number;
                queueDepth: number;
                difference: number;
            }[];
        };
        DeadLettersResponse: {
            queue: string;
            readonly deadLetters: components["schemas"]["DeadLetter"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        Decision: {
            /** @enum {string} */
            effect: "allow" | "deny";
            code: components["schemas"]["Code"];
            message: string;
            fix: string;
            responsible: components["schemas"]["Responsible"];
            checks: components["schemas"]["Check"][];
            routeId: string;
            route: components["schemas"]["Route"];
            dispatchId: string;
            rule: string;
            pattern?: string;
            closest?: components["schemas"]["ClosestRule"];
            sourceFile?: components["schemas"]["FileReference"];
            targetFile?: components["schemas"]["FileReference"];
            target?: {
                repositoryId: number;
                installationId: number;
                /** @enum {string} */
                visibility: "public" | "private" | "internal";
            };
            ref: string | null;
            inputs: {
                [key: string]: string;
            };
            check?: string;
            /** @constant */
            report?: "none";
            needs?: {
                runs: {
                    workflow: string;
                    isCompleted: boolean;
                    run: {
                        id: number;
                        number: number;
                        attempt: number;
                        event: string;
                        conclusion: string | null;
                        headBranch: string | null;
                        headSha: string;
                        headRepositoryId: number | null;
                        htmlUrl: string;
                        pullRequestNumber?: number;
                        /** Format: date-time */
                        createdAt?: string;
                        startedAt: string | null;
                        /** Format: date-time */
                        updatedAt: string;
                        actor: string | null;
                    };
                }[];
                lineage: {
                    depth: number;
                    path: components["schemas"]["WorkflowReference"][];
                };
            };
            wouldRefuse?: components["schemas"]["Check"][];
        };
        DeliveriesResponse: {
            readonly deliveries: components["schemas"]["DeliveryRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        DeliveryResponse: {
            id: string;
            readonly facts: components["schemas"]["FactLine"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        DeliveryRow: {
            deliveryId: string;
            /** Format: date-time */
            time: string;
            /** Format: date-time */
            updatedAt: string;
            runKey: string;
            /** @constant */
            kind: "planned";
            repository: string;
            workflow: string;
            runUrl: string;
            commit: string;
            branch: string | null;
            event: string;
            pullRequest?: number;
            conclusion: string | null;
            target: string | null;
            revision: number;
            outcome: components["schemas"]["Outcome"];
            code: components["schemas"]["Code"];
            allowed: number;
            denied: number;
            dryRun?: number;
            leftToAnotherRun?: number;
        } | {
            deliveryId: string;
            /** Format: date-time */
            time: string;
            /** Format: date-time */
            updatedAt: string;
            runKey: string;
            /** @constant */
            kind: "requested";
            key: string | null;
            schedule: string | null;
            webhook: string | null;
            target: string;
            revision: number;
            outcome: components["schemas"]["Outcome"];
            code: components["schemas"]["Code"];
            allowed: number;
            denied: number;
            dryRun?: number;
            leftToAnotherRun?: number;
        } | {
            deliveryId: string;
            /** Format: date-time */
            time: string;
            /** Format: date-time */
            updatedAt: string;
            runKey: string;
            /** @constant */
            kind: "delayed";
            repository: string | null;
            workflow: string | null;
            revision: number;
            /** Format: date-time */
            nextTryAt: string;
            /** Format: date-time */
            giveUpAt: string;
        } | {
            deliveryId: string;
            /** Format: date-time */
            time: string;
            /** Format: date-time */
            updatedAt: string;
            runKey: string;
            /** @constant */
            kind: "repeated";
            repository: string;
            workflow: string;
            firstDeliveryId: string;
        } | {
            deliveryId: string;
            /** Format: date-time */
            time: string;
            /** Format: date-time */
            updatedAt: string;
            runKey: string;
            /** @constant */
            kind: "ignored";
            repository: string;
            runUrl: string;
            path: string | null;
            /** @enum {string} */
            reason: "not-a-workflow-file" | "no-installation";
        } | {
            deliveryId: string;
            /** Format: date-time */
            time: string;
            /** Format: date-time */
            updatedAt: string;
            runKey: string;
            /** @constant */
            kind: "dead-lettered";
            queue: string;
            reason: components["schemas"]["DeadLetterReason"];
        };
        DiscardRequest: {
            /** @enum {string} */
            queue: "runs" | "hints" | "decisions" | "facts" | "undelivered-events";
            select: {
                ids: string[];
            } | {
                /** @enum {string} */
                reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
            } | {
                olderThanSeconds: number;
            } | {
                /** @constant */
                all: true;
            };
            /** Format: date-time */
            before?: string;
            /** Format: uuid */
            actionId?: string;
            reason: string;
            /** @default true */
            dryRun: boolean;
            /** @default 100 */
            limit: number;
            /** @default 20 */
            perSecond: number;
        };
        DispatchApiRequest: components["schemas"]["StartWorkflowBody"] | components["schemas"]["SendEventBody"] | components["schemas"]["RequestAsJobBody"];
        DispatchFactsResponse: {
            dispatchId: string;
            readonly facts: components["schemas"]["FactLine"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        DispatchProblem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            detail: string;
            field?: string;
            code?: components["schemas"]["Code"];
            fix?: string;
            responsible?: components["schemas"]["Responsible"];
            runKey?: string;
            dispatchId?: string;
            correlationId?: string;
        };
        DispatchRequested: {
            /** @constant */
            type: "dispatch.requested";
            /** @constant */
            version: 1;
            deliveryId: string;
            /** Format: date-time */
            receivedAt: string;
            requestId: string;
            key?: {
                id: string;
                name: string;
                targets: string[];
            };
            schedule?: {
                id: string;
                name: string;
                targets: string[];
            };
            webhook?: {
                id: string;
                name: string;
                targets: string[];
            };
            request: components["schemas"]["RequestedDispatch"];
        };
        DispatchResponse: {
            /** @constant */
            success: true;
            dispatchId: string;
            runKey: string;
            correlationId: string;
            target: string;
        };
        DispatchRow: {
            dispatchId: string;
            routeId: string;
            route: components["schemas"]["Route"];
            runKey: string;
            deliveryId: string;
            /** Format: date-time */
            time: string;
            /** Format: date-time */
            updatedAt: string;
            /** @enum {string} */
            state: "accepted" | "accepted-unverified" | "failed" | "completed";
            code: components["schemas"]["Code"] | null;
            message?: string;
            conclusion: string | null;
            targetRunUrl: string | null;
            /** @constant */
            resolved?: true;
        };
        DispatchesResponse: {
            readonly dispatches: components["schemas"]["DispatchRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        EventReference: {
            repository: string;
            eventType: string;
        };
        FactLine: {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            /** @constant */
            type: "run.planned";
            deliveryId: string;
            /** Format: date-time */
            receivedAt: string;
            repository: string | null;
            workflow: string | null;
            runUrl: string | null;
            commit: string | null;
            branch: string | null;
            event: string | null;
            pullRequest?: number;
            conclusion: string | null;
            key: string | null;
            schedule: string | null;
            webhook: string | null;
            target: string | null;
            revision: number;
            outcome: components["schemas"]["Outcome"];
            code: components["schemas"]["Code"];
            allowed: number;
            denied: number;
            dryRun?: number;
            leftToAnotherRun?: number;
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            /** @constant */
            type: "run.delayed";
            deliveryId: string;
            /** Format: date-time */
            receivedAt: string;
            repository: string | null;
            workflow: string | null;
            revision: number;
            /** Format: date-time */
            nextTryAt: string;
            /** Format: date-time */
            giveUpAt: string;
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            /** @constant */
            type: "delivery.repeated";
            deliveryId: string;
            repository: string;
            workflow: string;
            firstDeliveryId: string;
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            /** @constant */
            type: "delivery.ignored";
            deliveryId: string;
            repository: string;
            runUrl: string;
            path: string | null;
            /** @enum {string} */
            reason: "not-a-workflow-file" | "no-installation";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            /** @constant */
            type: "message.dead-lettered";
            deliveryId: string;
            queue: string;
            reason: components["schemas"]["DeadLetterReason"];
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            deliveryId: string;
            dispatchId: string;
            routeId: string;
            route: components["schemas"]["Route"];
            /** @constant */
            type: "route.decided";
            /** @enum {string} */
            effect: "allow" | "deny";
            code: components["schemas"]["Code"];
            revision: number;
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            deliveryId: string;
            dispatchId: string;
            routeId: string;
            route: components["schemas"]["Route"];
            /** @constant */
            type: "dispatch.accepted";
            targetRunUrl: string | null;
            code: components["schemas"]["Code"] | null;
            revision: number;
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            deliveryId: string;
            dispatchId: string;
            routeId: string;
            route: components["schemas"]["Route"];
            /** @constant */
            type: "dispatch.failed";
            code: components["schemas"]["Code"];
            message?: string;
            revision: number;
            /** @constant */
            resolved?: true;
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            deliveryId: string;
            dispatchId: string;
            routeId: string;
            route: components["schemas"]["Route"];
            /** @constant */
            type: "dispatch.completed";
            /** Format: date-time */
            startedAt: string;
            conclusion: string | null;
            targetRunUrl: string;
            code: components["schemas"]["Code"] | null;
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "operator.acted";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "dead-letter.acted";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "key.changed";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "pause.changed";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "repository.confirmed";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "bulk-replay.changed";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "schedule.changed";
        } | {
            factId: string;
            /** Format: date-time */
            time: string;
            runKey: string | null;
            actionId: string;
            /** @enum {string} */
            action: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
            operator: string;
            reason: string;
            subject: string;
            result: string;
            /** @constant */
            type: "webhook.changed";
        };
        FactsResponse: {
            readonly facts: components["schemas"]["FactLine"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        FileReference: {
            repository: string;
            sha: string;
            path: string;
        };
        GraphOwner: {
            owner: string;
            repositories: number;
            configured: number;
            invalid: number;
            agreed: number;
            requested: number;
            offered: number;
            cycles: {
                repository: string;
                workflow: string;
            }[][];
            cycleCount: number;
            installationIds: number[];
            /** Format: date-time */
            builtAt: string;
        };
        GraphOwnersResponse: {
            readonly owners: components["schemas"]["GraphOwner"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        GraphRepositoryResponse: {
            repository: string;
            repositoryId: number;
            installationId: number;
            /** @enum {string} */
            visibility: "public" | "private" | "internal";
            isActive: boolean;
            /** @enum {string} */
            state: "valid" | "invalid" | "ambiguous" | "absent" | "gone";
            commit: string | null;
            path: string | null;
            blobId: string | null;
            problems: components["schemas"]["ConfigProblem"][];
            /** Format: date-time */
            observedAt: string;
            formerNames: string[];
            isIndexed: boolean;
            outbound: components["schemas"]["ConsentEdge"][];
            inbound: components["schemas"]["ConsentEdge"][];
            omitted: number;
        };
        GraphResponse: {
            owner: string;
            readonly repositories: components["schemas"]["GraphRepositoryResponse"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        HealthResponse: {
            /** @constant */
            status: "ok";
            version: string;
            /** @description The digest of the running image; null if it is not known. */
            imageDigest: string | null;
            /**
             * Format: date-time
             * @description When the process started that sent this response.
             */
            startedAt: string;
            /** @enum {string} */
            authentication: "disabled" | "basic" | "github" | "oidc";
        };
        HistoryFact: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "run.planned";
            runKey: string;
            data: {
                trigger: components["schemas"]["Trigger"];
                revision: number;
                outcome: components["schemas"]["Outcome"];
                code: components["schemas"]["Code"];
                message: string;
                fix: string;
                responsible: components["schemas"]["Responsible"];
                checks: components["schemas"]["Check"][];
                sourceFile?: components["schemas"]["FileReference"];
                unmatched: components["schemas"]["ClosestRule"][];
                allowed: number;
                denied: number;
                dryRun?: number;
                leftToAnotherRun?: number;
                lineage: {
                    depth: number;
                    path: components["schemas"]["WorkflowReference"][];
                };
                candidates?: {
                    count: number;
                    listedAt: string | null;
                    isComplete: boolean;
                };
                /** @constant */
                endsProblem?: true;
            };
            /** @constant */
            abridged?: true;
            /** @constant */
            resolved?: true;
        } | {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "route.decided";
            runKey: string;
            data: {
                revision: number;
                index: number;
                decision: components["schemas"]["Decision"];
                lineage: {
                    depth: number;
                    path: components["schemas"]["WorkflowReference"][];
                };
            };
            /** @constant */
            abridged?: true;
            /** @constant */
            resolved?: true;
        } | {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "dispatch.failed";
            runKey: string;
            data: {
                dispatchId: string;
                routeId: string;
                route: components["schemas"]["Route"];
                code: components["schemas"]["Code"];
                message: string;
                fix: string;
                responsible: components["schemas"]["Responsible"];
                status: number | null;
                revision?: number;
            };
            /** @constant */
            abridged?: true;
            /** @constant */
            resolved?: true;
        } | components["schemas"]["RecordedRunDelayed"] | components["schemas"]["RecordedDeliveryRepeated"] | components["schemas"]["RecordedDeliveryIgnored"] | components["schemas"]["RecordedDispatchAccepted"] | components["schemas"]["RecordedDispatchCompleted"] | components["schemas"]["RecordedIssueReported"] | components["schemas"]["RecordedPlanReported"] | components["schemas"]["RecordedMessageDeadLettered"] | components["schemas"]["RecordedOperatorActed"] | components["schemas"]["RecordedDeliveriesChecked"] | components["schemas"]["RecordedDeadLetterActed"] | components["schemas"]["RecordedKeyChanged"] | components["schemas"]["RecordedPauseChanged"] | components["schemas"]["RecordedRepositoryConfirmed"] | components["schemas"]["RecordedBulkReplayChanged"] | components["schemas"]["RecordedConfigChecked"] | components["schemas"]["RecordedConfigObserved"] | components["schemas"]["RecordedScheduleChanged"] | components["schemas"]["RecordedScheduleMissed"] | components["schemas"]["RecordedWebhookChanged"];
        InboundResponse: {
            repository: string;
            readonly uses: components["schemas"]["InboundUse"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        InboundUse: {
            routeId: string;
            route: components["schemas"]["Route"];
            allowed: number;
            denied: number;
            /** Format: date-time */
            lastAt: string;
            lastCode: components["schemas"]["Code"];
        };
        InspectRequest: {
            /** @enum {string} */
            queue: "runs" | "hints" | "decisions" | "facts" | "undelivered-events";
            deadLetterId: string;
        };
        InspectResponse: {
            id: string;
            queue: string;
            to: string | null;
            misplacedFrom: string | null;
            /** @enum {string} */
            reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
            detail: string | null;
            attempts: number | null;
            redrives: number;
            messageId: string;
            /** Format: date-time */
            since: string;
            correlationId: string;
            runKey: string | null;
            group: string | null;
            body: string;
        };
        Installation: {
            installationId: number;
            resource: string;
            limit: number;
            remaining: number;
            /** Format: date-time */
            resetsAt: string;
            /** Format: date-time */
            seenAt: string;
        };
        InstallationsResponse: {
            readonly installations: components["schemas"]["Installation"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        JobReference: {
            repository: string;
            job: string;
        };
        JobRequested: {
            /** @constant */
            version: 1;
            deliveryId: string;
            /** Format: date-time */
            receivedAt: string;
            installationId: number;
            repository: {
                id: number;
                owner: string;
                name: string;
                defaultBranch: string;
            };
            workflow: string;
            /** @constant */
            type: "job.requested";
            requestId: string;
            run: {
                id: number;
                number: number;
                attempt: number;
                event: string;
                conclusion: string | null;
                headBranch: string | null;
                headSha: string;
                headRepositoryId: number | null;
                htmlUrl: string;
                pullRequestNumber?: number;
                /** Format: date-time */
                createdAt?: string;
                startedAt: string | null;
                /** Format: date-time */
                updatedAt: string;
                actor: string | null;
                refType: ("branch" | "tag") | null;
            };
            job: {
                checkRunId: string | null;
                environment: string | null;
            };
            request: {
                repository: string;
                workflow: string;
                id: string | null;
                inputs?: {
                    [key: string]: string;
                };
            };
        };
        KeyReference: {
            key: string;
        };
        Latency: {
            measured: number;
            p50: number | null;
            p95: number | null;
            p99: number | null;
        };
        OpenApiResponse: {
            openapi: string;
        } & {
            [key: string]: unknown;
        };
        /** @enum {string} */
        Outcome: "no-config" | "config-invalid" | "config-unreadable" | "source-refused" | "no-match" | "planned" | "paused" | "plan-too-large";
        PauseChangeResponse: {
            actionId: string;
            paused: boolean;
            /** Format: date-time */
            changedAt: string;
            effectiveAt: string | null;
            notice?: string;
        };
        PauseRequest: {
            reason: string;
        };
        PauseResponse: {
            paused: boolean;
            changedAt: string | null;
            operator: string | null;
            reason: string | null;
        };
        PlanResponse: {
            runKey: string;
            /** @description `run.planned` and its decisions in the order of the plan, with all their checks. */
            readonly facts: (components["schemas"]["RunPlanned"] | components["schemas"]["RouteDecided"])[];
            /** @description The files that the plans were decided on. GET /api/files/{blobId} returns their content. */
            readonly files: {
                repository: string;
                sha: string;
                path: string;
                blobId: string;
            }[];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        Problem: {
            /** @constant */
            type: "about:blank";
            title: string;
            status: number;
            detail: string;
        };
        QueueSample: {
            queue: string;
            waiting: number;
            inFlight: number;
            delayed: number;
        };
        QueuesResponse: {
            /** Format: date-time */
            sampledAt: string;
            queues: {
                queue: string;
                waiting: number;
                inFlight: number;
                delayed: number;
                lastEmptyAt: string | null;
            }[];
        };
        RecordedBulkReplayChanged: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "bulk-replay.changed";
            runKey?: string;
            data: {
                bulkReplayId: string;
                /** @enum {string} */
                action: "started" | "stopped" | "resumed" | "completed";
                operator: string;
                reason: string;
                /** @enum {string} */
                mode: "as-recorded" | "re-evaluate";
                selection: components["schemas"]["BulkReplaySelection"];
                selected: number;
                requested: number;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedConfigChecked: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "config.checked";
            runKey?: string;
            data: {
                repositoryId: number;
                repository: string;
                installationId: number;
                sha: string;
                /** @enum {string} */
                state: "valid" | "invalid" | "ambiguous" | "absent";
                problems: number;
                warnings: number;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedConfigObserved: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "config.observed";
            runKey?: string;
            data: {
                repositoryId: number;
                repository: string;
                installationId: number;
                /** @enum {string} */
                visibility: "public" | "private" | "internal";
                isActive: boolean;
                defaultBranch: string | null;
                /** @enum {string} */
                state: "valid" | "invalid" | "ambiguous" | "absent" | "gone";
                commit: string | null;
                path: string | null;
                blobId: string | null;
                problems: components["schemas"]["ConfigProblem"][];
                rules: {
                    outbound: unknown[];
                    inbound: unknown[];
                } | null;
                /** @enum {string} */
                seenBy: "plan" | "hint" | "sweep";
            };
            /** @constant */
            abridged?: true;
        };
        RecordedDeadLetterActed: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "dead-letter.acted";
            runKey?: string;
            data: {
                actionId: string;
                deadLetterId: string;
                queue: string;
                messageId: string;
                deadLetterReason: components["schemas"]["DeadLetterReason"] | null;
                /** @enum {string} */
                action: "redrive" | "discard";
                operator: string;
                reason: string;
                /** @enum {string} */
                result: "redriven" | "discarded" | "quarantined";
            };
            /** @constant */
            abridged?: true;
        };
        RecordedDeliveriesChecked: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "deliveries.checked";
            runKey?: string;
            data: {
                /** Format: date-time */
                checkedUntil: string;
                lagMs: number;
                complete: boolean;
                scanned: number;
                failed: number;
                redelivered: string[];
                planned: number;
                ignored: number;
                givenUp: number;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedDeliveryIgnored: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "delivery.ignored";
            runKey: string;
            data: {
                /** @enum {string} */
                reason: "not-a-workflow-file" | "no-installation";
                message: string;
                path: string | null;
                repository: string;
                runUrl: string;
                event: string;
                conclusion: string | null;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedDeliveryRepeated: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "delivery.repeated";
            runKey: string;
            data: {
                firstDeliveryId: string;
                /** Format: date-time */
                receivedAt: string;
                repository: string;
                workflow: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedDispatchAccepted: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "dispatch.accepted";
            runKey: string;
            data: {
                dispatchId: string;
                routeId: string;
                route: components["schemas"]["Route"];
                ref: string;
                workflowRunId: number | null;
                htmlUrl: string | null;
                code?: components["schemas"]["Code"];
                latencyMs: number;
                revision?: number;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedDispatchCompleted: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "dispatch.completed";
            runKey: string;
            data: {
                dispatchId: string;
                routeId: string;
                route: components["schemas"]["Route"];
                conclusion: string | null;
                durationMs: number | null;
                /** Format: date-time */
                acceptedAt?: string;
                sourceRunUrl: string | null;
                targetRunUrl: string;
                jobs?: number;
                code?: components["schemas"]["Code"];
            };
            /** @constant */
            abridged?: true;
        };
        RecordedDispatchFailed: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "dispatch.failed";
            runKey: string;
            data: {
                dispatchId: string;
                routeId: string;
                route: components["schemas"]["Route"];
                code: components["schemas"]["Code"];
                message: string;
                fix: string;
                responsible: components["schemas"]["Responsible"];
                status: number | null;
                revision?: number;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedFact: components["schemas"]["RecordedRunPlanned"] | components["schemas"]["RecordedRouteDecided"] | components["schemas"]["RecordedRunDelayed"] | components["schemas"]["RecordedDeliveryRepeated"] | components["schemas"]["RecordedDeliveryIgnored"] | components["schemas"]["RecordedDispatchAccepted"] | components["schemas"]["RecordedDispatchFailed"] | components["schemas"]["RecordedDispatchCompleted"] | components["schemas"]["RecordedIssueReported"] | components["schemas"]["RecordedPlanReported"] | components["schemas"]["RecordedMessageDeadLettered"] | components["schemas"]["RecordedOperatorActed"] | components["schemas"]["RecordedDeliveriesChecked"] | components["schemas"]["RecordedDeadLetterActed"] | components["schemas"]["RecordedKeyChanged"] | components["schemas"]["RecordedPauseChanged"] | components["schemas"]["RecordedRepositoryConfirmed"] | components["schemas"]["RecordedBulkReplayChanged"] | components["schemas"]["RecordedConfigChecked"] | components["schemas"]["RecordedConfigObserved"] | components["schemas"]["RecordedScheduleChanged"] | components["schemas"]["RecordedScheduleMissed"] | components["schemas"]["RecordedWebhookChanged"];
        RecordedIssueReported: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "issue.reported";
            runKey: string;
            data: {
                dispatchId: string;
                routeId: string;
                route: components["schemas"]["Route"];
                code: components["schemas"]["Code"];
                /** @enum {string} */
                action: "opened" | "updated" | "noted" | "closed" | "skipped" | "unavailable";
                repository: string;
                number: number | null;
                htmlUrl: string | null;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedKeyChanged: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "key.changed";
            runKey?: string;
            data: {
                actionId: string;
                /** @enum {string} */
                action: "created" | "revoked";
                keyId: string;
                name: string;
                /** @enum {string} */
                role?: "viewer" | "operator" | "dispatch";
                targets?: string[];
                operator: string;
                reason: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedMessageDeadLettered: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "message.dead-lettered";
            runKey?: string;
            data: {
                queue: string;
                messageId: string;
                reason: components["schemas"]["DeadLetterReason"];
                detail: string;
                attempts: number;
                redrives?: number;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedOperatorActed: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "operator.acted";
            runKey: string;
            data: {
                actionId: string;
                /** @enum {string} */
                action: "as-recorded" | "re-evaluate" | "dispatch-again";
                operator: string;
                reason: string;
                routeId: string | null;
                /** @enum {string} */
                result: "published" | "unknown-run" | "dry-run";
                revision: number | null;
                preview?: {
                    outcome: components["schemas"]["Outcome"];
                    code: components["schemas"]["Code"];
                    message: string;
                    decisions: {
                        routeId: string;
                        target: string;
                        /** @enum {string} */
                        effect: "allow" | "deny";
                        code: components["schemas"]["Code"];
                        message: string;
                        fix: string;
                    }[];
                    omitted: number;
                };
                bulkReplayId?: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedPauseChanged: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "pause.changed";
            runKey?: string;
            data: {
                actionId: string;
                /** @enum {string} */
                action: "paused" | "resumed";
                operator: string;
                reason: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedPlanReported: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "plan.reported";
            runKey: string;
            data: {
                revision: number;
                code: components["schemas"]["Code"];
                /** @enum {string} */
                action: "opened" | "updated" | "noted" | "closed" | "skipped" | "unavailable";
                repository: string;
                number: number | null;
                htmlUrl: string | null;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedRepositoryConfirmed: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "repository.confirmed";
            runKey?: string;
            data: {
                actionId: string;
                /** @enum {string} */
                side: "source" | "target" | "policy";
                source: string;
                target: string;
                repositoryId: number;
                operator: string;
                reason: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedRouteDecided: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "route.decided";
            runKey: string;
            data: {
                revision: number;
                index: number;
                decision: components["schemas"]["Decision"];
                lineage: {
                    depth: number;
                    path: components["schemas"]["WorkflowReference"][];
                };
            };
            /** @constant */
            abridged?: true;
        };
        RecordedRunDelayed: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "run.delayed";
            runKey: string;
            data: {
                revision: number;
                message: string;
                repository: string | null;
                workflow: string | null;
                /** Format: date-time */
                receivedAt?: string;
                /** Format: date-time */
                nextTryAt: string;
                /** Format: date-time */
                giveUpAt: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedRunPlanned: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "run.planned";
            runKey: string;
            data: {
                trigger: components["schemas"]["Trigger"];
                revision: number;
                outcome: components["schemas"]["Outcome"];
                code: components["schemas"]["Code"];
                message: string;
                fix: string;
                responsible: components["schemas"]["Responsible"];
                checks: components["schemas"]["Check"][];
                sourceFile?: components["schemas"]["FileReference"];
                unmatched: components["schemas"]["ClosestRule"][];
                allowed: number;
                denied: number;
                dryRun?: number;
                leftToAnotherRun?: number;
                lineage: {
                    depth: number;
                    path: components["schemas"]["WorkflowReference"][];
                };
                candidates?: {
                    count: number;
                    listedAt: string | null;
                    isComplete: boolean;
                };
                /** @constant */
                endsProblem?: true;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedScheduleChanged: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "schedule.changed";
            runKey?: string;
            data: {
                actionId: string;
                /** @enum {string} */
                action: "created" | "paused" | "resumed" | "run" | "deleted";
                scheduleId: string;
                name: string;
                cron: string;
                timezone: string;
                target: string;
                operator: string;
                reason: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedScheduleMissed: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "schedule.missed";
            runKey?: string;
            data: {
                scheduleId: string;
                name: string;
                count: number;
                /** Format: date-time */
                firstAt: string;
                /** Format: date-time */
                lastAt: string;
                /** Format: date-time */
                dueAt: string;
            };
            /** @constant */
            abridged?: true;
        };
        RecordedWebhookChanged: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "webhook.changed";
            runKey?: string;
            data: {
                actionId: string;
                /** @enum {string} */
                action: "created" | "paused" | "resumed" | "rotated" | "tested" | "deleted";
                webhookId: string;
                name: string;
                verify: string;
                target: string;
                operator: string;
                reason: string;
            };
            /** @constant */
            abridged?: true;
        };
        RedriveRequest: {
            /** @enum {string} */
            queue: "runs" | "hints" | "decisions" | "facts" | "undelivered-events";
            select: {
                ids: string[];
            } | {
                /** @enum {string} */
                reason: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered" | "unrecorded";
            } | {
                olderThanSeconds: number;
            } | {
                /** @constant */
                all: true;
            };
            /** Format: date-time */
            before?: string;
            /** Format: uuid */
            actionId?: string;
            reason: string;
            /** @default true */
            dryRun: boolean;
            /** @default 100 */
            limit: number;
            /** @default 20 */
            perSecond: number;
            /** @default false */
            quarantined: boolean;
        };
        ReplayRequest: {
            /** @enum {string} */
            mode: "as-recorded" | "re-evaluate" | "dispatch-again";
            routeId?: string;
            reason: string;
            /** @default false */
            dryRun: boolean;
        };
        ReplayResponse: {
            actionId: string;
            runKey: string;
            notice?: string;
        };
        RepositoriesResponse: {
            readonly repositories: components["schemas"]["RepositoryRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        RepositoryFactsResponse: {
            repository: string;
            readonly facts: components["schemas"]["FactLine"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        RepositoryResponse: {
            repository: string;
            asSource: {
                deliveries: number;
                plans: {
                    [key: string]: number;
                };
                lastRunAt: string | null;
            };
            asTarget: {
                decisions: {
                    [key: string]: number;
                };
                allowed: number;
                denied: number;
                lastDecisionAt: string | null;
                started: number;
                failed: number;
                completed: number;
                succeeded: number;
            };
            hours: {
                /** Format: date-time */
                until: string;
                counts: number[];
            } | null;
            installationId: number | null;
        };
        RepositoryRow: {
            repository: string;
            /** Format: date-time */
            lastFactAt: string;
            deliveries: number;
            allowed: number;
            denied: number;
            started: number;
            failed: number;
            completed: number;
            succeeded: number;
            hours: {
                /** Format: date-time */
                until: string;
                counts: number[];
            } | null;
            installationId: number | null;
        };
        RequestAsJobBody: {
            repository: string;
            workflow: string;
            id?: string;
            inputs?: {
                [key: string]: string;
            };
        };
        RequestedDispatch: {
            /** @constant */
            kind: "workflow";
            repository: string;
            workflow: string;
            ref: string | null;
            inputs: {
                [key: string]: string;
            };
        } | {
            /** @constant */
            kind: "event";
            repository: string;
            eventType: string;
            clientPayload?: string | null;
        };
        /** @enum {string} */
        Responsible: "source" | "target" | "operator" | "nobody";
        RevokeKeyRequest: {
            reason: string;
        };
        RevokedKeyResponse: {
            actionId: string;
            key: components["schemas"]["ApiKey"];
            notice?: string;
        };
        RotateSecretRequest: {
            secret?: string;
            /** @default 24 */
            keepHours: number;
            reason: string;
        };
        Route: {
            source: components["schemas"]["WorkflowReference"] | components["schemas"]["JobReference"] | components["schemas"]["KeyReference"] | components["schemas"]["ScheduleReference"] | components["schemas"]["WebhookReference"];
            target: components["schemas"]["WorkflowReference"] | components["schemas"]["EventReference"];
            id?: string;
        };
        RouteDecided: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "route.decided";
            runKey: string;
            data: {
                trigger: components["schemas"]["Trigger"];
                revision: number;
                index: number;
                decision: components["schemas"]["Decision"];
                lineage: {
                    depth: number;
                    path: components["schemas"]["WorkflowReference"][];
                };
            };
        };
        RouteFactsResponse: {
            routeId: string;
            readonly facts: components["schemas"]["FactLine"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        RouteResponse: {
            routeId: string;
            route: components["schemas"]["Route"];
            latest: {
                routeId: string;
                route: components["schemas"]["Route"];
                /** @enum {string} */
                state: "allowed" | "denied" | "dry-run" | "accepted" | "failed" | "completed";
                /** Format: date-time */
                time: string;
                runKey: string;
                dispatchId: string;
                code?: components["schemas"]["Code"];
                conclusion?: string | null;
                targetRunUrl?: string | null;
            };
            results: components["schemas"]["RouteResult"][];
            successRate: number | null;
            p50DurationMs: number | null;
            lastSuccess: {
                /** Format: date-time */
                time: string;
                runKey: string;
                dispatchId: string;
                targetRunUrl: string;
            } | null;
            counts: {
                allowed: number;
                denied: number;
                started: number;
                failed: number;
                completed: number;
                succeeded: number;
            };
            agreement: {
                agreed: boolean;
                code: components["schemas"]["Code"];
                responsible: components["schemas"]["Responsible"];
                message: string;
                /** Format: date-time */
                decidedAt: string;
            } | null;
        };
        RouteResult: {
            /** Format: date-time */
            time: string;
            /** @enum {string} */
            state: "denied" | "dry-run" | "failed" | "completed" | "accepted-unverified";
            conclusion: string | null;
            durationMs: number | null;
        };
        RouteRow: {
            routeId: string;
            route: components["schemas"]["Route"];
            /** @enum {string} */
            state: "allowed" | "denied" | "dry-run" | "accepted" | "failed" | "completed";
            /** Format: date-time */
            time: string;
            runKey: string;
            dispatchId: string;
            code?: components["schemas"]["Code"];
            conclusion?: string | null;
            targetRunUrl?: string | null;
            results: components["schemas"]["RouteResult"][];
            successRate: number | null;
            p50DurationMs: number | null;
            failing: boolean;
        };
        RoutesResponse: {
            readonly routes: components["schemas"]["RouteRow"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        RunCompleted: {
            /** @constant */
            type: "run.completed";
            /** @constant */
            version: 1;
            deliveryId: string;
            /** Format: date-time */
            receivedAt: string;
            installationId: number;
            repository: {
                id: number;
                owner: string;
                name: string;
                defaultBranch: string;
            };
            workflow: string;
            run: {
                id: number;
                number: number;
                attempt: number;
                event: string;
                conclusion: string | null;
                headBranch: string | null;
                headSha: string;
                headRepositoryId: number | null;
                htmlUrl: string;
                pullRequestNumber?: number;
                /** Format: date-time */
                createdAt?: string;
                startedAt: string | null;
                /** Format: date-time */
                updatedAt: string;
                actor: string | null;
            };
        };
        RunPlanned: {
            /** @constant */
            version: 1;
            id: string;
            /** Format: date-time */
            time: string;
            correlationId: string;
            /** @constant */
            type: "run.planned";
            runKey: string;
            data: {
                trigger: components["schemas"]["Trigger"];
                revision: number;
                outcome: components["schemas"]["Outcome"];
                code: components["schemas"]["Code"];
                message: string;
                fix: string;
                responsible: components["schemas"]["Responsible"];
                checks: components["schemas"]["Check"][];
                sourceFile?: components["schemas"]["FileReference"];
                unmatched: components["schemas"]["ClosestRule"][];
                allowed: number;
                denied: number;
                dryRun?: number;
                leftToAnotherRun?: number;
                lineage: {
                    depth: number;
                    path: components["schemas"]["WorkflowReference"][];
                };
                candidates?: {
                    count: number;
                    listedAt: string | null;
                    isComplete: boolean;
                };
                /** @constant */
                endsProblem?: true;
            };
        };
        RunResponse: {
            runKey: string;
            /** @description Newest first. The history of a run with more than about a thousand facts continues on the next page. */
            readonly revisions: components["schemas"]["RunRevision"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        RunRevision: {
            revision: number;
            plannedAt: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            facts: components["schemas"]["HistoryFact"][];
        };
        RunSearchResult: {
            runKey: string;
            deliveryId: string;
            /** Format: date-time */
            time: string;
            repository: string | null;
            workflow: string | null;
            key: string | null;
            schedule: string | null;
            webhook: string | null;
            commit: string | null;
            outcome: components["schemas"]["Outcome"] | null;
            dispatchId: string | null;
        };
        RunsResponse: {
            readonly runs: components["schemas"]["RunSearchResult"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        Schedule: {
            scheduleId: string;
            name: string;
            cron: string;
            timezone: string;
            target: string;
            ref: string | null;
            inputs: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            pausedAt: string | null;
            readonly next: string[];
            last: {
                /** Format: date-time */
                dueAt: string;
                /** Format: date-time */
                requestedAt: string;
                runKey: string;
            } | null;
            missed: {
                count: number;
                /** Format: date-time */
                firstAt: string;
                /** Format: date-time */
                lastAt: string;
            } | null;
        };
        ScheduleChangeRequest: {
            reason: string;
        };
        ScheduleChangeResponse: {
            actionId: string;
            schedule: components["schemas"]["Schedule"];
            notice?: string;
        };
        ScheduleDeletedResponse: {
            actionId: string;
            name: string;
            scheduleId: string;
            notice?: string;
        };
        ScheduleReference: {
            schedule: string;
        };
        ScheduleRunResponse: {
            actionId: string;
            name: string;
            runKey: string;
            notice?: string;
        };
        SchedulesResponse: {
            readonly schedules: components["schemas"]["Schedule"][];
            cursor: string | null;
        };
        SelectedRun: {
            runKey: string;
            deliveryId: string;
            /** Format: date-time */
            time: string;
            repository: string | null;
            workflow: string | null;
            target: string | null;
            outcome: components["schemas"]["Outcome"];
            code: components["schemas"]["Code"];
        };
        SendEventBody: {
            repository: string;
            event_type: string;
            client_payload?: {
                [key: string]: unknown;
            };
        };
        StartWorkflowBody: {
            repository: string;
            workflow: string;
            ref?: string;
            inputs?: {
                [key: string]: string;
            };
        };
        StatusCheck: {
            name: string;
            title: string;
            /** @enum {string} */
            state: "ok" | "warning" | "critical" | "unknown";
            value: number | null;
            /** @enum {string} */
            unit: "s" | "messages" | "owners" | "%";
            threshold: number;
            message: string;
            runbook: string;
        };
        StatusResponse: {
            /** @enum {string} */
            state: "ok" | "warning" | "critical";
            sentence: string;
            /** Format: date-time */
            rolledUpAt: string;
            lastDeliveryAt: string | null;
            gitHubRespondedAt: string | null;
            checks: components["schemas"]["StatusCheck"][];
        };
        /**
         * @description Server-sent events: `retry: 3000`, then `id: …` and `data: …` if there is something new.
         * @example retry: 3000
         *     id: v1.Zr3_0a
         *     data: {"facts":[],"more":true}
         */
        StreamResponse: string;
        SummaryResponse: {
            /** @enum {string} */
            window: "hour" | "day" | "week" | "all";
            from: string | null;
            /** Format: date-time */
            rolledUpAt: string;
            deliveries: {
                received: number;
                repeated: number;
            };
            requests: number;
            plans: {
                [key: string]: number;
            };
            decisions: {
                [key: string]: number;
            };
            dispatches: {
                [key: string]: number;
            };
            conclusions: {
                [key: string]: number;
            };
            funnel: {
                received: number;
                planned: number;
                matched: number;
                allowed: number;
                started: number;
                succeeded: number;
            };
            latency: {
                decided: components["schemas"]["Latency"];
                accepted: components["schemas"]["Latency"];
            };
            freshness: {
                lastDeliveryAt: string | null;
                checkedUntil: string | null;
                checkLagMs: number | null;
            };
        };
        SweepProgress: {
            installationId: number;
            account: string | null;
            /** Format: date-time */
            suspendedAt?: string;
            settingsUrl?: string;
            /** @enum {string} */
            state: "running" | "done";
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            seenAt: string;
            repositories: number;
            read: number;
            unread: number;
            changed: number;
            gone: number;
            restRequests: number;
            graphqlRequests: number;
            access?: {
                app?: {
                    id: number;
                    name: string;
                    url: string;
                };
                granted: {
                    permissions: {
                        [key: string]: string;
                    };
                    events: string[];
                };
                requested: {
                    permissions: {
                        [key: string]: string;
                    };
                    events: string[];
                };
                /** @enum {string} */
                selection: "all" | "selected";
                seesPolicy: boolean;
            };
        };
        SweepsResponse: {
            readonly sweeps: components["schemas"]["SweepProgress"][];
            /** @description Pass it as `cursor` to get the next page; null on the last page. */
            cursor: string | null;
        };
        TestWebhookRequest: {
            message: {
                [key: string]: unknown;
            } | unknown[];
            /** @default false */
            run: boolean;
            reason: string;
        };
        TrendResponse: {
            /** Format: date-time */
            rolledUpAt: string;
            hours: {
                /** Format: date-time */
                hour: string;
                deliveries: number;
                requests: number;
                plans: number;
                allowed: number;
                denied: number;
                accepted: number;
                failed: number;
                completed: number;
                succeeded: number;
            }[];
        };
        Trigger: components["schemas"]["RunCompleted"] | components["schemas"]["JobRequested"] | components["schemas"]["DispatchRequested"];
        Webhook: {
            webhookId: string;
            name: string;
            path: string;
            verify: string;
            target: string;
            ref: string | null;
            inputs: {
                [key: string]: string;
            };
            when: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            createdBy: string;
            pausedAt: string | null;
            formerSecretUntil: string | null;
            last: {
                /** Format: date-time */
                receivedAt: string;
                runKey: string;
            } | null;
            refusedInARow: number;
            refused: {
                /** Format: date-time */
                at: string;
                reason: string;
            } | null;
        };
        WebhookChangeRequest: {
            reason: string;
        };
        WebhookChangeResponse: {
            actionId: string;
            webhook: components["schemas"]["Webhook"];
            notice?: string;
        };
        WebhookDeletedResponse: {
            actionId: string;
            name: string;
            webhookId: string;
            notice?: string;
        };
        WebhookReference: {
            webhook: string;
        };
        WebhookSecretResponse: {
            actionId: string;
            webhook: components["schemas"]["Webhook"];
            secret: string | null;
            notice?: string;
        };
        WebhookTestResponse: {
            actionId: string;
            name: string;
            /** @enum {string} */
            result: "matched" | "unmatched" | "invalid";
            inputs: {
                [key: string]: string;
            } | null;
            detail: string | null;
            runKey: string | null;
            notice?: string;
        };
        WebhooksResponse: {
            readonly webhooks: components["schemas"]["Webhook"][];
            cursor: string | null;
        };
        WorkflowReference: {
            repository: string;
            workflow: string;
        };
        getDeadLettersByQueueDepth: {
            /** @enum {string} */
            queue: "runs" | "hints" | "decisions" | "facts" | "undelivered-events";
            waiting: number;
            inFlight: number;
        };
        getFilesByBlobId: {
            blobId: string;
            text: string;
        };
        getMe: {
            name: string;
            /** @enum {string} */
            kind: "disabled" | "basic" | "github" | "oidc" | "key";
            /** @description Unique within its kind, and never given to another person. */
            account: string;
            /** @enum {string} */
            role: "viewer" | "operator";
            /**
             * @description `github`: only the repositories that GitHub lets this person read are shown by name.
             * @enum {string}
             */
            visibility: "all" | "github";
            /** @description Null: the request has no session cookie, but a token, a key or nothing to end. */
            session: {
                /** Format: date-time */
                signedInAt: string;
                /** Format: date-time */
                endsAt: string;
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
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["getMe"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSummary: {
        parameters: {
            query?: {
                /** @description The last 60 minutes, 24 hours, 168 hours, or all time. */
                window?: "hour" | "day" | "week" | "all";
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SummaryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrend: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQueues: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterSummaryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The roll-up has not run yet. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFacts: {
        parameters: {
            query: {
                /** @description Which facts: about deliveries and their plans, about dispatches, or about actions of operators. */
                list: "deliveries" | "dispatches" | "audit";
                /** @description Only facts of this type, such as `dispatch.failed`. A type of another list matches nothing. */
                type?: "run.planned" | "run.delayed" | "delivery.repeated" | "delivery.ignored" | "message.dead-lettered" | "dispatch.accepted" | "dispatch.failed" | "dispatch.completed" | "operator.acted" | "dead-letter.acted" | "key.changed" | "pause.changed" | "repository.confirmed" | "bulk-replay.changed" | "schedule.changed" | "webhook.changed";
                /** @description Only facts about runs of this repository, or about routes from it: `owner/name`, in any case. */
                source?: string;
                /** @description Only facts about routes into this repository, or about requests for it: `owner/name`, in any case. */
                target?: string;
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeliveries: {
        parameters: {
            query?: {
                /** @description Only of this source repository: `owner/name`, in any case. */
                repository?: string;
                /** @description Only deliveries of this kind. `requested`: requests of jobs, API keys, schedules and webhooks. Planned runs are found by `outcome`. */
                kind?: "requested" | "delayed" | "repeated" | "ignored" | "dead-lettered";
                /** @description Only plans with this outcome. */
                outcome?: "no-config" | "config-invalid" | "config-unreadable" | "source-refused" | "no-match" | "planned" | "paused" | "plan-too-large";
                /** @description Only plans with this code, which is more precise than an outcome. */
                code?: string;
                /** @description Only runs of this branch or tag. */
                branch?: string;
                /** @description Only runs of the event `pull_request` for the pull request with this number; requires `repository`. Runs of forks, and of commits that are the head of several pull requests, are recorded without a number. */
                pullRequest?: number;
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveriesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeliveriesById: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The delivery’s GUID (`X-GitHub-Delivery`). */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is recorded for this delivery. Only deliveries of completed workflow runs are recorded. Those of other events and actions, and rejected ones, are only in the log of the ingress function, under their GUID. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRuns: {
        parameters: {
            query?: {
                /** @description A run id, or the URL of a run, attempt or job on GitHub; of the source or of the target. */
                run?: string;
                /** @description The head commit of the source’s run: all 40 hex digits. */
                commit?: string;
                /** @description The delivery’s GUID (`X-GitHub-Delivery`). */
                delivery?: string;
                /** @description The dispatch id of an allowed decision. */
                dispatch?: string;
                /** @description Only of this source repository: `owner/name`, in any case. */
                repository?: string;
                /** @description Only deliveries of this kind. `requested`: requests of jobs, API keys, schedules and webhooks. Planned runs are found by `outcome`. */
                kind?: "requested" | "delayed" | "repeated" | "ignored" | "dead-lettered";
                /** @description Only plans with this outcome. */
                outcome?: "no-config" | "config-invalid" | "config-unreadable" | "source-refused" | "no-match" | "planned" | "paused" | "plan-too-large";
                /** @description Only plans with this code, which is more precise than an outcome. */
                code?: string;
                /** @description Only runs of this branch or tag. */
                branch?: string;
                /** @description Only runs of the event `pull_request` for the pull request with this number; requires `repository`. Runs of forks, and of commits that are the head of several pull requests, are recorded without a number. */
                pullRequest?: number;
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No recorded run matches the search parameter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRunsByRunKey: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Repository id, run id and attempt: `11-9000000001-1`. For a `POST /dispatch` request: `request-` and 32 hex digits. */
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is recorded for this run. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPlansByRunKey: {
        parameters: {
            query?: {
                /** @description Only the plan of this revision; the first one is 0. */
                revision?: number;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Repository id, run id and attempt: `11-9000000001-1`. For a `POST /dispatch` request: `request-` and 32 hex digits. */
                runKey: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No plan of this run is stored, or none of this revision. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFilesByBlobId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The Git blob id, from `files` of GET /api/plans/{runKey}. */
                blobId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["getFilesByBlobId"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No stored plan was decided on this content, or it was too large to be stored. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDispatches: {
        parameters: {
            query?: {
                /** @description Only of this target repository: `owner/name`, in any case. */
                repository?: string;
                /** @description Only dispatches whose newest step is this. `accepted`: started, and not completed yet. */
                state?: "accepted" | "accepted-unverified" | "failed" | "completed";
                /** @description Only dispatches with this code, which only failed and unverified ones have. */
                code?: string;
                /** @description Only dispatches whose run completed with this conclusion: `failure`, `success`, `cancelled`. */
                conclusion?: string;
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DispatchesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDispatchesByDispatchId: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description 32 hex digits. */
                dispatchId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DispatchFactsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing is recorded for this dispatch. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRepositories: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RepositoriesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRepositoriesByOwnerByName: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Not case-sensitive, as on GitHub. */
                owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RepositoryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this repository. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRepositoriesByOwnerByNameFacts: {
        parameters: {
            query?: {
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Not case-sensitive, as on GitHub. */
                owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RepositoryFactsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this repository. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRepositoriesByOwnerByNameInbound: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Not case-sensitive, as on GitHub. */
                owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboundResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRoutes: {
        parameters: {
            query?: {
                /** @description Only routes into this target repository: `owner/name`, in any case. */
                repository?: string;
                /** @description Only routes from this source repository: `owner/name`, in any case. */
                source?: string;
                /** @description Only routes whose newest step needs action. `failed`: GitHub did not accept the dispatch. `failing`: the dispatch failed, or the run that it started did. */
                state?: "denied" | "dry-run" | "failed" | "failing";
                /** @description Only denied and failed routes with this code. */
                code?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoutesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRoutesByRouteId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description 16 hex digits. */
                routeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this route. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRoutesByRouteIdFacts: {
        parameters: {
            query?: {
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description 16 hex digits. */
                routeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteFactsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No fact mentions this route. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGraph: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphOwnersResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGraphByOwner: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description A user or an organization; not case-sensitive. */
                owner: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSweeps: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SweepsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRepositoriesByOwnerByNameGraph: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Not case-sensitive, as on GitHub. */
                owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GraphRepositoryResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No dispatching.yml of this repository was read, and no other repository names it. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInstallations: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallationsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeadLettersByQueue: {
        parameters: {
            query?: {
                /** @description Only dead letters in this state. */
                state?: "open" | "redriven" | "discarded" | "quarantined";
                /** @description Only dead letters with this reason. */
                reason?: "message-invalid" | "message-version-unknown" | "attempts-exhausted" | "died" | "permanent-error" | "decision-not-in-plan" | "no-permissions" | "no-resource" | "undelivered";
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The source queue. `undelivered-events`: events that EventBridge could not deliver to their queue. */
                queue: "runs" | "hints" | "decisions" | "facts" | "undelivered-events";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLettersResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAudit: {
        parameters: {
            query?: {
                /** @description Only actions of this operator. */
                operator?: string;
                /** @description Only actions of this kind. */
                action?: "as-recorded" | "re-evaluate" | "dispatch-again" | "redrive" | "discard" | "key-created" | "key-revoked" | "paused" | "resumed" | "repository-confirmed" | "bulk-replay-started" | "bulk-replay-stopped" | "bulk-replay-resumed" | "bulk-replay-completed" | "schedule-created" | "schedule-paused" | "schedule-resumed" | "schedule-run" | "schedule-deleted" | "webhook-created" | "webhook-paused" | "webhook-resumed" | "webhook-rotated" | "webhook-tested" | "webhook-deleted";
                /** @description Only rows of this time and later: `2026-11-03T14:00:00Z`. */
                since?: string;
                /** @description Only rows before this time. */
                until?: string;
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStream: {
        parameters: {
            query?: {
                /** @description The list whose new facts are sent, without a filter. */
                list?: "deliveries" | "dispatches" | "audit";
            };
            header?: {
                /** @description The `id` of the last event, which browsers repeat by themselves. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["StreamResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRunsByRunKeyReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Repository id, run id and attempt: `11-9000000001-1`. For a `POST /dispatch` request: `request-` and 32 hex digits. */
                runKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description Accepted: executed asynchronously. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No plan is recorded for this run. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postDeliveriesByIdReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The delivery’s GUID (`X-GitHub-Delivery`). */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description Accepted: executed asynchronously. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No plan is recorded for this run. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBulkReplays: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkReplaysResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postBulkReplays: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkReplayRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkReplayStartResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another bulk replay is active; `detail` says which and whose. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBulkReplaysByBulkReplayId: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                bulkReplayId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkReplayResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no bulk replay with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBulkReplaysByBulkReplayIdRuns: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                bulkReplayId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkReplayItemsResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postBulkReplaysByBulkReplayIdStop: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                bulkReplayId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkReplayChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkReplayChangedResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no bulk replay with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of the bulk replay forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postBulkReplaysByBulkReplayIdResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The id of a bulk replay: `20261103T140000-0a1b2c3d`. */
                bulkReplayId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkReplayChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkReplayChangedResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no bulk replay with this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The state of the bulk replay forbids it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDeadLettersByQueueDepth: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description The source queue. `undelivered-events`: events that EventBridge could not deliver to their queue. */
                queue: "runs" | "hints" | "decisions" | "facts" | "undelivered-events";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["getDeadLettersByQueueDepth"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The resource in the path does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postDeadLettersInspect: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InspectRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InspectResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The dead letter is not in the queue. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another reader holds messages of the queue. Try again after the number of seconds in `Retry-After`. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postDeadLettersRedrive: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedriveRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterActionResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postDeadLettersDiscard: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterActionResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postPause: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The change is effective, but was not recorded. Repeat it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The change is effective, but was not recorded. Repeat it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getKeys: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeysResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKeyRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedKeyResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description An active key has this name, a key of this name was created at the same time, or this `Idempotency-Key` was used before. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The change is incomplete; the detail says what was done. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postKeysByKeyIdRevoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description 16 hex digits. */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeKeyRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevokedKeyResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not exist. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key was revoked, and the change was not recorded. Repeat it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSchedules: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulesResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSchedules: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateScheduleRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A schedule has this name, or there are 200 schedules already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSchedulesByNamePause: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no schedule of this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The schedule was paused, and the change was not recorded. Repeat it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSchedulesByNameResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no schedule of this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSchedulesByNameRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChangeRequest"];
            };
        };
        responses: {
            /** @description Accepted: executed asynchronously. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRunResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no schedule of this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The schedule is paused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSchedulesByNameDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a schedule. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleDeletedResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no schedule of this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The schedule was deleted, and the change was not recorded. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: {
                /** @description The `cursor` of the previous page. */
                cursor?: string;
                /** @description The maximum number of items. */
                limit?: number;
            };
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhooksResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A webhook has this name, or this `Idempotency-Key` was used before. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postWebhooksByNameRotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a webhook. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateSecretRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no webhook with this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The secret was rotated at the same time, or this `Idempotency-Key` was used before. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postWebhooksByNamePause: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a webhook. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no webhook with this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook was paused, and the change was not recorded. Repeat it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postWebhooksByNameResume: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a webhook. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookChangeResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no webhook with this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postWebhooksByNameTest: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a webhook. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestWebhookRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTestResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no webhook with this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook is paused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postWebhooksByNameDelete: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The name of a webhook. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChangeRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeletedResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no webhook with this name. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The webhook was deleted, and the change was not recorded, or the secret remains. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRepositoriesByOwnerByNameConfirm: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Not case-sensitive, as on GitHub. */
                owner: string;
                /** @description Not case-sensitive, as on GitHub. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmRepositoryRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfirmRepositoryResponse"];
                };
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request needs the role `operator`. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No dispatch between the two repositories was ever allowed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No repository with this id was refused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is larger than 64 KB. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A part of the path is longer than 200 characters. */
            414: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This `Idempotency-Key` was used for a different request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The confirmation is effective, but was not recorded. Repeat it. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of a cached response: 304 if it has not changed. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApiResponse"];
                };
            };
            /** @description The cached response has not changed. */
            304: {
                headers: {
                    /** @description Changes with the response. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid; the detail names the problem. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Authentication failed: credentials are missing or invalid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The principal has no role. With authentication disabled: the host name is not localhost. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path exists for other methods only; the header `allow` names them. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal error. See the log for the request id in the detail. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postDispatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key is executed once and receives the first response. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DispatchApiRequest"];
            };
        };
        responses: {
            /** @description Accepted: executed asynchronously. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DispatchResponse"];
                };
            };
            /** @description A field is missing or invalid, or the body is larger than 256 KB; `field` names it. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description The API key is missing or invalid, and the response does not say which; or the token of a job is not accepted, and `detail` says why. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description The key, one of the two sides or the operator does not allow it, or the run of a job is not in progress; `code`, `detail` and `fix` say why. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description The method is not `POST`; the header `allow` names it. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description Another request with this `Idempotency-Key` is in progress. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description This `Idempotency-Key` was used with a different body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description Too many failed authentications from this address; `retry-after` says how long to wait. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
            /** @description GitHub, the issuer of a token or AWS did not respond; `retry-after` says when to retry. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["DispatchProblem"];
                };
            };
        };
    };
}
