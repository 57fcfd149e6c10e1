import * as z from 'zod/mini';
import { AuthorizationRevoked } from './authorization-revoked.ts';
import { ChecksRerequested } from './checks-rerequested.ts';
import { DispatchRequested } from './dispatch-requested.ts';
import { runKeyPattern } from './ids.ts';
import { OperatorReason } from './redact.ts';
import { RunCompleted } from './run-completed.ts';
import { RunIgnored } from './run-ignored.ts';
import { DateTime } from './date-time.ts';

export const ReplayMode = z.enum([
  /** Publishes the facts of the stored plan again, byte for byte. Completed dispatches stay completed. */
  'as-recorded',
  /**
   * Reads both sides' files and decides again, under a raised revision. Dispatches keep their ids: a failed one may be
   * tried again, an accepted one is not.
   */
  're-evaluate',
  /**
   * As `re-evaluate`, for one route and with a raised generation, so the dispatch has a new id: a workflow that was
   * already started is started once more.
   */
  'dispatch-again',
]);
export type ReplayMode = z.infer<typeof ReplayMode>;

/** A message on the `runs` queue: an operator replays a run. Its fact is `operator.acted`. */
export const RunReplay = z
  .object({
    type: z.literal('run.replay'),
    version: z.literal(1),
    /** Chosen by the client. The same id is the same action, however often its message is handled. */
    actionId: z.string().check(z.minLength(1), z.maxLength(100)),
    runKey: z.string().check(z.regex(runKeyPattern)),
    mode: ReplayMode,
    /** The one route to decide on; null: every route of the run. Ignored for `as-recorded`. */
    routeId: z.nullable(z.string()),
    operator: z.string().check(z.minLength(1), z.maxLength(200)),
    reason: OperatorReason,
    requestedAt: DateTime,
    /** Decides, and records in the action what would be decided; nothing is stored or started. */
    dryRun: z.optional(z.literal(true)),
    /** Of an item of a bulk replay: the bulk replay's id. The audit log lists the bulk replay instead of its items. */
    bulkReplayId: z.optional(z.string().check(z.maxLength(100))),
  })
  .check(
    z.refine(({ mode, routeId }) => mode !== 'dispatch-again' || routeId !== null, {
      error: 'dispatch-again requires a routeId: it starts one workflow once more',
      path: ['routeId'],
    }),
    z.refine(({ mode, dryRun }) => dryRun === undefined || mode === 're-evaluate', {
      error: 'only re-evaluate decides something that a dry run could show',
      path: ['dryRun'],
    }),
  );
export type RunReplay = z.infer<typeof RunReplay>;

/** The messages of the `runs` queue. */
export const RunsMessage = z.discriminatedUnion('type', [
  RunCompleted,
  RunIgnored,
  RunReplay,
  AuthorizationRevoked,
  ChecksRerequested,
  DispatchRequested,
]);
export type RunsMessage = z.infer<typeof RunsMessage>;
