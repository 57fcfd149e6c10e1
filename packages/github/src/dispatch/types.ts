/** A request to start a workflow by `workflow_dispatch`. */
export interface StartWorkflow {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly name: string;
  /** File name below `.github/workflows/`. */
  readonly workflow: string;
  /** Name of a branch or tag. GitHub refuses a commit SHA. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  /**
   * Milliseconds since the epoch. The POST is sent only if its timeout ends before this time; otherwise the call
   * rejects with GitHubTransientError. Checked immediately before the POST, after the token was obtained.
   */
  readonly responseDeadline: number;
}

/** A request to send a `repository_dispatch` event. */
export interface SendEvent
  extends Pick<StartWorkflow, 'installationId' | 'repositoryId' | 'owner' | 'name' | 'responseDeadline'> {
  /** 1 to 100 characters. */
  readonly eventType: string;
  /** JSON text of an object; null sends none. */
  readonly clientPayload: string | null;
}

/** Both fields are null when GitHub responded with 204, which does not identify the run. */
export interface StartedWorkflow {
  readonly workflowRunId: number | null;
  readonly htmlUrl: string | null;
}

/** Selects runs that this App started. */
export interface StartedRunsQuery
  extends Pick<StartWorkflow, 'installationId' | 'repositoryId' | 'owner' | 'name' | 'workflow' | 'ref'> {
  /** Milliseconds since the epoch by GitHub's clock, which counts whole seconds. */
  readonly since: number;
}

export interface StartedRun {
  readonly workflowRunId: number;
  readonly htmlUrl: string;
}

/** Identifies a workflow run. */
export interface WorkflowRunReference {
  readonly installationId: number;
  readonly repositoryId: number;
  readonly owner: string;
  readonly name: string;
  readonly workflowRunId: number;
}
