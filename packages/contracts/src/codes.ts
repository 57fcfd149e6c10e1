import * as z from 'zod/mini';

/** Who must act for the outcome to change. `nobody`: it is as it should be, and never becomes an issue. */
export const Responsible = z.enum(['source', 'target', 'operator', 'nobody']);
export type Responsible = z.infer<typeof Responsible>;

interface CodeEntry {
  /** One line for the reference: what happened. */
  readonly title: string;
  /**
   * The sentence for one plan or decision. Placeholders: `{source}` and `{target}` as `owner/name:workflow.yml`,
   * `{expected}` and `{actual}` of the check that failed (or GitHub’s own sentence), `{allowed}` and `{matched}` of a
   * plan.
   */
  readonly message: string;
  readonly responsible: Responsible;
  /** What the one who must act does next; for `nobody`, what would have to be different. */
  readonly fix: string;
}

/**
 * Every code there is. A code names the cause, is stable (people search for it, dashboards group by it), and is
 * documented in docs/reference/codes.md.
 */
export const codes = {
  allowed: {
    title: 'Both sides agree; the workflow is started.',
    message: '{target} is started: both sides agree.',
    responsible: 'nobody',
    fix: 'Nothing to do.',
  },

  // Plans
  planned: {
    title: 'At least one outbound rule matched the run.',
    message: '{source}: {allowed} of {matched} matched routes are allowed.',
    responsible: 'nobody',
    fix: 'Look at the decisions.',
  },
  'no-config': {
    title: 'The source has no dispatching.yml on its default branch.',
    message: 'The source of {source} has no dispatching.yml on its default branch.',
    responsible: 'nobody',
    fix: 'Add a dispatching.yml with an outbound rule if runs of this repository are meant to start something.',
  },
  'config-invalid': {
    title: 'The source’s dispatching.yml has errors.',
    message: 'The source’s dispatching.yml has errors: {actual}',
    responsible: 'source',
    fix: 'Correct the lines named in the message; `dispatcher validate dispatching.yml` says the same before a push.',
  },
  'config-ambiguous': {
    title: 'Both dispatching.yml and .github/dispatching.yml exist.',
    message: 'The source of {source} has both dispatching.yml and .github/dispatching.yml.',
    responsible: 'source',
    fix: 'Delete one of the two files.',
  },
  'config-unreadable': {
    title: 'The source’s dispatching.yml could not be read, also after retries.',
    message: 'The source’s dispatching.yml could not be read: {actual}.',
    responsible: 'operator',
    fix: 'Check GitHub’s status and the App’s permissions, then have the run decided again: `dispatcher replay RUN --re-evaluate`.',
  },
  'no-match': {
    title: 'No outbound rule fits this run.',
    message: 'No outbound rule fits this run of {source}.',
    responsible: 'nobody',
    fix: 'Compare the failed checks of the closest rule with the run.',
  },
  'plan-too-large': {
    title: 'The plan of this run is larger than can be stored (300 KB).',
    message: 'The plan of this run of {source} is larger than can be stored: {actual}.',
    responsible: 'source',
    fix: 'Use fewer targets or shorter inputs.',
  },
  paused: {
    title: 'The operator has paused dispatching.',
    message: 'The operator has paused dispatching.',
    responsible: 'operator',
    fix: 'Unset DISPATCH_PAUSED, then have the run decided again: `dispatcher replay RUN --re-evaluate`.',
  },
  'fork-run': {
    title: 'The run belongs to a fork, or to a repository GitHub no longer names.',
    message: 'The run of {source} belongs to {actual}, not to the repository itself.',
    responsible: 'nobody',
    fix: 'Runs of forks never dispatch: their author chooses the branch name and the code.',
  },
  'run-too-old': {
    title: 'The run was last updated more than 30 days before its delivery came in.',
    message: 'The run of {source} was last updated {actual} before its delivery came in; {expected} are accepted.',
    responsible: 'nobody',
    fix: 'Run the workflow again.',
  },
  'source-not-allowed': {
    title: 'The operator’s SOURCE_REPO_ALLOWLIST does not name the source repository.',
    message: 'SOURCE_REPO_ALLOWLIST does not name {actual}.',
    responsible: 'operator',
    fix: 'Add the repository to SOURCE_REPO_ALLOWLIST.',
  },
  'source-workflow-not-allowed': {
    title: 'The operator’s SOURCE_WORKFLOW_ALLOWLIST does not name the source workflow.',
    message: 'SOURCE_WORKFLOW_ALLOWLIST does not name {actual}.',
    responsible: 'operator',
    fix: 'Add the workflow to SOURCE_WORKFLOW_ALLOWLIST.',
  },
  'source-branch-unreadable': {
    title: 'The source’s default branch could not be read.',
    message: 'The default branch of the source of {source} could not be read.',
    responsible: 'source',
    fix: 'Push a first commit to the default branch, or choose a default branch that exists.',
  },
  'source-not-visible': {
    title: 'The App can no longer see the source repository.',
    message: 'The App can no longer see the source of {source}.',
    responsible: 'nobody',
    fix: 'Install the App on the repository again.',
  },

  'source-replaced': {
    title: 'Another repository now has the source’s name.',
    message: 'The name of the source of {source} now belongs to {actual}; the run is of {expected}.',
    responsible: 'nobody',
    fix: 'The repository was deleted or renamed after the run. Run the workflow again in the new one.',
  },

  // Decisions: the route itself
  'duplicate-route': {
    title: 'The same route stands earlier in this plan; the first one wins.',
    message: 'The route to {target} stands earlier in this plan: {actual}.',
    responsible: 'source',
    fix: 'Remove the second target, or give both an id.',
  },
  'self-dispatch': {
    title: 'Source and target are the same repository and workflow.',
    message: '{target} would start itself.',
    responsible: 'source',
    fix: 'Name another target.',
  },
  'route-loop': {
    title: 'The target stands already on the way that led to this run.',
    message: '{target} stands already on the way to this run: {actual}.',
    responsible: 'source',
    fix: 'Break the circle: remove one of the rules on the path.',
  },
  'depth-exceeded': {
    title: 'The run is the end of a chain that has reached MAX_DISPATCH_DEPTH.',
    message: '{target} would be dispatch {actual} of a chain; {expected} are allowed.',
    responsible: 'operator',
    fix: 'Shorten the chain, or raise MAX_DISPATCH_DEPTH.',
  },
  'lineage-unknown': {
    title: 'The run was started by this App, but the way that led to it is not stored.',
    message: 'The run was started by this App, but the way that led to it is not stored.',
    responsible: 'operator',
    fix: 'Once the dispatch that started the run is recorded, have the run decided again: `dispatcher replay RUN --re-evaluate`.',
  },
  'too-many-targets': {
    title: 'The run matches more targets than MAX_TARGETS_PER_RUN.',
    message: '{target} is target {actual} of this run; {expected} are allowed.',
    responsible: 'operator',
    fix: 'Split the rule, or raise MAX_TARGETS_PER_RUN.',
  },
  'target-not-allowed': {
    title: 'The operator’s TARGET_REPO_ALLOWLIST does not name the target repository.',
    message: 'TARGET_REPO_ALLOWLIST does not name {actual}.',
    responsible: 'operator',
    fix: 'Add the repository to TARGET_REPO_ALLOWLIST.',
  },
  'input-value-invalid': {
    title: 'An input’s value is longer than 1,024 characters or has control characters.',
    message: 'An input for {target} cannot be sent: {actual}.',
    responsible: 'source',
    fix: 'Shorten the value, or choose another field.',
  },

  'key-ended': {
    title: 'The API key that asked was revoked, or is over.',
    message: '{target} was asked for by {source}, and that key is {actual}.',
    responsible: 'operator',
    fix: 'Send the request again with a live key: an operator’s again needs the key that asked.',
  },
  'key-scope': {
    title: 'The API key’s scope does not name what was asked for.',
    message: 'The scope of {source} does not name {target}.',
    responsible: 'operator',
    fix: 'Have a key made whose targets name it.',
  },

  // Decisions: the target
  'target-not-visible': {
    title: 'The target does not exist, or the App is not installed on it.',
    message: 'The repository of {target} does not exist, or the App is not installed on it.',
    responsible: 'source',
    fix: 'Check the name; ask the target’s owners to install the App on it.',
  },
  'target-refused': {
    title: 'The target does not accept this route, or cannot be seen.',
    message: 'The repository of {target} does not accept this route, or cannot be seen.',
    responsible: 'target',
    fix: 'Check the name; ask the target’s owners to install the App and to add an inbound rule.',
  },
  'target-unreadable': {
    title: 'The target could not be read, also after retries.',
    message: 'The repository of {target} could not be read: {actual}.',
    responsible: 'operator',
    fix: 'Check GitHub’s status and the App’s permissions, then have the run decided again: `dispatcher replay RUN --re-evaluate`.',
  },
  'target-archived': {
    title: 'The target repository is archived, disabled or locked.',
    message: 'The repository of {target} is {actual}.',
    responsible: 'source',
    fix: 'Unarchive the target, or remove the rule.',
  },
  'target-branch-unreadable': {
    title: 'The target’s default branch could not be read.',
    message: 'The default branch of the repository of {target} could not be read.',
    responsible: 'target',
    fix: 'Push a first commit to the default branch, or choose a default branch that exists.',
  },
  'target-no-config': {
    title: 'The target has no dispatching.yml on its default branch.',
    message: 'The repository of {target} has no dispatching.yml on its default branch.',
    responsible: 'target',
    fix: 'Add a dispatching.yml with an inbound rule for this source.',
  },
  'target-config-invalid': {
    title: 'The target’s dispatching.yml has errors.',
    message: 'The dispatching.yml of {target} has errors: {actual}',
    responsible: 'target',
    fix: 'Correct the lines named; `dispatcher validate dispatching.yml` says the same before a push.',
  },
  'target-config-ambiguous': {
    title: 'The target has both dispatching.yml and .github/dispatching.yml.',
    message: 'The repository of {target} has both dispatching.yml and .github/dispatching.yml.',
    responsible: 'target',
    fix: 'Delete one of the two files.',
  },
  'inbound-no-match': {
    title: 'No inbound rule of the target names this source and what it would start.',
    message: 'No inbound rule of the repository of {target} names {source} and what it would start.',
    responsible: 'target',
    fix: 'Add an inbound rule for this source: its repository and workflow, or the name of the key.',
  },
  'inbound-branch': {
    title: 'The target’s inbound rule does not accept the run’s branch.',
    message: '{target} does not accept runs on {actual}; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Add the branch to the inbound rule’s branches.',
  },
  'inbound-event': {
    title: 'The target’s inbound rule does not accept the event that started the run.',
    message: '{target} does not accept runs started by {actual}; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Add the event to the inbound rule’s events.',
  },
  'inbound-conclusion': {
    title: 'The target’s inbound rule does not accept the run’s conclusion.',
    message: '{target} does not accept runs that ended with {actual}; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Add the conclusion to the inbound rule’s conclusions.',
  },
  'inbound-ref': {
    title: 'The target’s inbound rule does not accept the ref that was asked for.',
    message: '{target} does not accept the ref {actual}; its inbound rule accepts {expected}.',
    responsible: 'target',
    fix: 'Add the ref to the inbound rule’s refs, or remove the outbound ref.',
  },
  'inbound-input': {
    title: 'The target’s inbound rule does not accept an input that would be set.',
    message: '{target} does not accept {actual}; its inbound rule accepts {expected}.',
    responsible: 'target',
    fix: 'Add the input to the inbound rule’s inputs, or remove it from the outbound rule.',
  },
  'workflow-missing': {
    title: 'The target has no such workflow file on its default branch.',
    message: '{target} does not exist on the default branch.',
    responsible: 'target',
    fix: 'Add the workflow file, or correct its name in the rules.',
  },
  'workflow-invalid': {
    title: 'The target’s workflow file is not readable as YAML.',
    message: '{target} is not readable as YAML: {actual}',
    responsible: 'target',
    fix: 'Correct the workflow file.',
  },
  'workflow-trigger-missing': {
    title: 'The target’s workflow has no workflow_dispatch trigger.',
    message: '{target} has no workflow_dispatch trigger; it has {actual}.',
    responsible: 'target',
    fix: 'Add `workflow_dispatch:` under `on:` in the target’s workflow.',
  },
  'ref-missing': {
    title: 'The target has no branch or tag of that name.',
    message: 'The repository of {target} has no branch or tag {actual}.',
    responsible: 'source',
    fix: 'Correct the ref, or create it in the target.',
  },
  'input-undeclared': {
    title: 'The target’s workflow does not declare an input that would be set.',
    message: '{target} does not declare {actual}; it declares {expected}.',
    responsible: 'source',
    fix: 'Declare the input under workflow_dispatch, or remove it from the outbound rule.',
  },
  'input-missing': {
    title: 'The target’s workflow requires an input that would not be set.',
    message: '{target} requires {expected}; {actual} would be set.',
    responsible: 'source',
    fix: 'Set the input in the outbound rule, or give it a default in the workflow.',
  },
  'input-type': {
    title: 'A value does not fit the type the target’s workflow declares for the input.',
    message: '{target} does not take {actual}; it takes {expected}.',
    responsible: 'source',
    fix: 'Send a value of that type.',
  },
  'app-permission-missing': {
    title: 'The App lacks `contents: write` on the target, which GitHub asks for to start a repository_dispatch.',
    message:
      'The App lacks `contents: write` on the repository of {target}, which GitHub asks for to start a repository_dispatch: it has {actual}.',
    responsible: 'target',
    fix: 'Ask for a workflow instead of an event type; or have the operator add `contents: write` to the App (it is opt-in) and accept it on the target.',
  },

  // Dispatches that GitHub refused
  'dispatch-not-found': {
    title: 'GitHub does not find the workflow or the repository (404).',
    message: 'GitHub does not find {target}: {actual}',
    responsible: 'target',
    fix: 'Check that the workflow file stands on the default branch and the App is installed on the repository.',
  },
  'dispatch-forbidden': {
    title: 'GitHub does not let the App start workflows there (403).',
    message: 'GitHub does not let the App start {target}: {actual}',
    responsible: 'target',
    fix: 'Accept the App’s `actions: write` permission on the target.',
  },
  'dispatch-rejected': {
    title: 'GitHub refused the dispatch (422); its message says why.',
    message: 'GitHub refused to start {target}: {actual}',
    responsible: 'target',
    fix: 'Correct what GitHub’s message names.',
  },
  'dispatch-gone': {
    title: 'GitHub says the resource is gone (410).',
    message: 'GitHub says that {target} is gone: {actual}',
    responsible: 'target',
    fix: 'Check that Actions is enabled on the target.',
  },
  'target-not-installed': {
    title: 'The App is not installed on the target repository.',
    message: 'The App is not installed on the repository of {target}.',
    responsible: 'target',
    fix: 'Add the repository to the App’s installation.',
  },
  'outcome-unknown': {
    title: 'GitHub’s answer was lost, and it no longer shows the target’s runs.',
    message: 'Whether {target} was started is not known: {actual}',
    responsible: 'target',
    fix: 'Look at the workflow’s runs; correct what GitHub’s message names, then dispatch again if none was started.',
  },
  'answer-lost': {
    title: 'GitHub’s answer to a repository_dispatch was lost. It is never sent again.',
    message:
      'Whether {target} was started is not known: GitHub’s answer was lost, and GitHub lists no runs by which to tell.',
    responsible: 'nobody',
    fix: 'Look at the target’s runs. If none was started, send the request again under a new Idempotency-Key.',
  },
  'run-not-started': {
    title: 'GitHub took the dispatch, and ended the run before any of its jobs began.',
    message: 'GitHub ended the run of {target} before any of its jobs began.',
    responsible: 'target',
    fix: 'Open the run: GitHub says there whether the organisation’s workflow execution protections stop `workflow_dispatch`, or the workflow file is invalid.',
  },
} as const satisfies Record<string, CodeEntry>;

export const Code = z.enum(Object.keys(codes) as [keyof typeof codes, ...(keyof typeof codes)[]]);
export type Code = keyof typeof codes;
