import * as z from 'zod/mini';
import { runKeyPattern } from './ids.ts';
import { RunCompleted } from './run-completed.ts';

export const ReplayMode = z.enum([
  /** The stored plan's facts are published again, byte for byte. What is finished stays finished. */
  'as-recorded',
  /**
   * Both sides' files are read and decided on anew, under a raised revision. Dispatches keep their ids: one that failed
   * may be tried again, one that was accepted never.
   */
  're-evaluate',
  /**
   * As re-evaluate, and each dispatch gets a raised generation and so a new id: a workflow that was started is started
   * once more.
   */
  'dispatch-again',
]);
export type ReplayMode = z.infer<typeof ReplayMode>;

/**
 * An operator's *again*, as a message on the `runs` queue: what is done, by whom and why is told as `operator.acted`.
 */
export const RunReplay = z
  .object({
    type: z.literal('run.replay'),
    version: z.literal(1),
    /** Chosen by whoever asks. The same id is the same action, however often its message is handled. */
    actionId: z.string().check(z.minLength(1), z.maxLength(100)),
    runKey: z.string().check(z.regex(runKeyPattern)),
    mode: ReplayMode,
    /** The one route that is decided on; null: every route of the run. Of no meaning *as recorded*. */
    routeId: z.nullable(z.string()),
    operator: z.string().check(z.minLength(1), z.maxLength(200)),
    reason: z.string().check(z.minLength(1), z.maxLength(1_000)),
    requestedAt: z.iso.datetime(),
  })
  .check(
    z.refine(({ mode, routeId }) => mode !== 'dispatch-again' || routeId !== null, {
      error: 'dispatch-again starts a workflow once more, so it names the one route it is about',
      path: ['routeId'],
    }),
  );
export type RunReplay = z.infer<typeof RunReplay>;

/** Everything that planning takes from the `runs` queue. */
export const RunsMessage = z.discriminatedUnion('type', [RunCompleted, RunReplay]);
export type RunsMessage = z.infer<typeof RunsMessage>;
