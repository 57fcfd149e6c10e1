import type { EmulatorContext } from '../server/context.ts';
import type { Run } from '../state/entities.ts';
import { hasDuplicateKey } from '../state/workflow-file.ts';
import { completeRun, failRunAtStartup } from './run-lifecycle.ts';

/** Completes dispatched runs `runDurationMs` after their start, unless a control call does so before. */
export class RunTimers {
  readonly #context: EmulatorContext;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #completions = new Set<Promise<void>>();

  constructor(context: EmulatorContext) {
    this.#context = context;
  }

  start(run: Run): void {
    const { runDurationMs } = this.#context.settings;
    clearTimeout(this.#timers.get(run.id));
    this.#timers.delete(run.id);
    if (runDurationMs === null || run.status === 'completed' || run.startedByInstallation === null) return;
    this.#timers.set(
      run.id,
      setTimeout(() => this.#begin(run.id), runDurationMs),
    );
  }

  /** Starts the timers of all runs that are not completed: after a restart, or after a change of the duration. */
  startAll(): void {
    for (const run of this.#context.store.state.runs) this.start(run);
  }

  /** Completes no further run, and resolves once the runs that are being completed are stored. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#completions);
  }

  #begin(id: number): void {
    const completion = this.#complete(id).finally(() => this.#completions.delete(completion));
    this.#completions.add(completion);
  }

  async #complete(id: number): Promise<void> {
    this.#timers.delete(id);
    const run = this.#context.store.state.runs.find((one) => one.id === id);
    if (run === undefined || run.status === 'completed') return;
    try {
      await (this.#failsAtStartup(run)
        ? failRunAtStartup(this.#context, run)
        : completeRun(this.#context, run, this.#context.settings.runConclusion));
      await this.#context.save();
    } catch (error) {
      console.error(`Run ${id} could not be completed:`, error);
    }
  }

  #failsAtStartup(run: Run): boolean {
    const repository = this.#context.store.repositoryById(run.repositoryId);
    const path = repository?.workflows.find((workflow) => workflow.id === run.workflowId)?.path ?? '';
    return hasDuplicateKey(repository?.commits[run.headSha]?.files[path]);
  }
}
