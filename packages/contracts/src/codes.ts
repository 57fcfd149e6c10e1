import * as z from 'zod/mini';
import type { TriggerKind } from './trigger-kinds.ts';

/** Who must act for the outcome to change. `nobody`: the outcome is as intended and never opens an issue. */
export const Responsible = z.enum(['source', 'target', 'operator', 'nobody']);
export type Responsible = z.infer<typeof Responsible>;

interface CodeEntry {
  /** One line for the reference: what happened. */
  readonly title: string;
  /**
   * The sentence for one plan or decision. Placeholders: `{source}` and `{target}` as `owner/name:workflow.yml`,
   * `{expected}` and `{actual}` of the failed check (or GitHub’s own message), `{allowed}` and `{matched}`: the plan’s
   * numbers of routes.
   */
  readonly message: string;
  readonly responsible: Responsible;
  /** What the responsible side does next; for `nobody`, what would have to be different. */
  readonly fix: string;
  /**
   * Replaces `fix` if an API key, a schedule or a webhook requested the dispatch: these have no outbound rule. `{request}`
   * stands for what the inputs and the ref are part of.
   */
  readonly requestFix?: string;
  /** Replaces the title for the source or key that an inbound rule names: a sentence without the target's rule. */
  readonly sourceMessage?: string;
}

/**
 * Every code of a plan, decision or dispatch. A code names the cause and is stable: people search for it, and
 * dashboards group by it. `docs/reference/codes.md` is generated from this table.
 */
export const codes = {
  allowed: {
    title: 'Both sides allow the dispatch; the workflow is started.',
    message: '{target} is started: both sides allow it.',
    responsible: 'nobody',
    fix: 'Nothing to do.',
  },

  // Plans
  planned: {
    title: 'At least one outbound rule matched the run.',
    message: '{source}: {allowed} of {matched} matched routes are allowed.',
    responsible: 'nobody',
    fix: 'See the decisions of the plan.',
  },
  'no-config': {
    title: 'The source has no dispatching.yml on its default branch.',
    message: 'The source of {source} has {actual} on its default branch.',
    responsible: 'nobody',
    fix: 'To start workflows from runs of this repository, add a dispatching.yml with an outbound rule. Rename a dispatching.yaml: only the extension .yml is read.',
  },
  'config-invalid': {
    title: 'The source’s dispatching.yml has errors.',
    message: 'The source’s dispatching.yml has errors: {actual}',
    responsible: 'source',
    fix: 'Correct the lines that the message names. To check the file before a push, run `dispatcher validate dispatching.yml`.',
  },
  'config-ambiguous': {
    title: 'Both dispatching.yml and .github/dispatching.yml exist.',
    message: 'The source of {source} has both dispatching.yml and .github/dispatching.yml.',
    responsible: 'source',
    fix: 'Delete one of the two files.',
  },
  'config-unreadable': {
    title: 'The source’s dispatching.yml could not be read, even after retries.',
    message: 'The source’s dispatching.yml could not be read: {actual}.',
    responsible: 'operator',
    fix: 'Check GitHub’s status and the App’s permissions, then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'no-match': {
    title: 'No outbound rule matches this run.',
    message: 'No outbound rule matches this run of {source}.',
    responsible: 'nobody',
    fix: 'Compare the failed checks of the closest rule with the run.',
  },
  'plan-too-large': {
    title: 'The plan of this run exceeds the size that can be stored (380 KB, compressed).',
    message: 'The plan of this run of {source} exceeds the size that can be stored: {actual}.',
    responsible: 'source',
    fix: 'Use fewer targets or shorter inputs.',
  },
  paused: {
    title: 'The operator has paused dispatching.',
    message: 'The operator has paused dispatching.',
    responsible: 'operator',
    fix: 'Unset DISPATCH_PAUSED, then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'fork-run': {
    title: 'The run belongs to a fork, or to a repository that no longer exists.',
    message: 'The run of {source} belongs to {actual}, not to the repository itself.',
    responsible: 'nobody',
    fix: 'Runs of forks never dispatch, because the fork’s author controls the branch name and the code.',
  },
  'run-too-old': {
    title:
      'The run was last updated more than 30 days before its delivery was received, or is a re-run of a run that was created more than 30 days before.',
    message: 'The run of {source} was {actual} old when its delivery was received; {expected} are accepted.',
    responsible: 'nobody',
    fix: 'Start a new run of the workflow. A re-run is as old as its first attempt.',
  },
  'run-in-future': {
    title: 'The run is dated more than an hour after its delivery was received.',
    message: 'The run of {source} is dated {actual}; {expected} is accepted.',
    responsible: 'operator',
    fix: 'Check the clocks of GitHub Enterprise Server and of the machine that receives webhooks, then run the workflow again.',
  },
  'source-not-allowed': {
    title: 'The operator’s SOURCE_REPO_ALLOWLIST does not include the source repository.',
    message: 'SOURCE_REPO_ALLOWLIST does not include {actual}.',
    responsible: 'operator',
    fix: 'Add the repository to SOURCE_REPO_ALLOWLIST.',
  },
  'source-workflow-not-allowed': {
    title: 'The operator’s SOURCE_WORKFLOW_ALLOWLIST does not include the source workflow.',
    message: 'SOURCE_WORKFLOW_ALLOWLIST does not include {actual}.',
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
    title: 'The App no longer has access to the source repository.',
    message: 'The App no longer has access to the source of {source}.',
    responsible: 'nobody',
    fix: 'Install the App on the repository again.',
  },

  'source-gone': {
    title: 'The repository of the run no longer has its name, which now belongs to another repository.',
    message: 'The name of the source of {source} now belongs to {actual}; the run belongs to {expected}.',
    responsible: 'nobody',
    fix: 'The repository was deleted or renamed after the run. Run the workflow again in the new repository.',
  },

  'source-ref-unreadable': {
    title: 'The branch or tag of the run could not be read, even after retries.',
    message: 'The branch or tag of the run of {source} could not be read: {actual}.',
    responsible: 'operator',
    fix: 'Check GitHub’s status and the App’s permissions, then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'source-ref-ambiguous': {
    title:
      'The source has a branch and a tag with the same name, and the run does not belong only to the one that the rule accepts.',
    message:
      'The run of {source} belongs to {actual}; the rule accepts {expected}. The source has a branch and a tag with the same name.',
    responsible: 'source',
    fix: 'Delete the tag, or rename it, and find out who created it. A tag ruleset can forbid tags with the names of branches.',
  },
  'source-commit-gone': {
    title: 'The branch or tag of the run no longer contains the commit of the run, or was deleted.',
    message: 'The run of {source} belongs to {expected}, but GitHub now has {actual}.',
    responsible: 'nobody',
    fix: 'Run the workflow on the current commit of the branch or tag. A newer run of the branch decides for itself.',
  },

  // Decisions: the route itself
  'duplicate-route': {
    title: 'The plan already contains the same route; only the first one is dispatched.',
    message: 'The plan already contains the route to {target}: {actual}.',
    responsible: 'source',
    fix: 'Remove the second target, or give each of them an `id`.',
  },
  'self-dispatch': {
    title: 'Source and target are the same repository and workflow.',
    message: '{target} would dispatch itself.',
    responsible: 'source',
    fix: 'Name another target.',
  },
  'route-loop': {
    title: 'The target is already in the chain of dispatches that led to this run.',
    message: '{target} is already in the chain of dispatches that led to this run: {actual}.',
    responsible: 'source',
    fix: 'Break the loop: remove one of the rules in the chain.',
  },
  'depth-exceeded': {
    title: 'The chain of dispatches that led to this run has reached MAX_DISPATCH_DEPTH.',
    message: '{target} would be {actual} of its chain; {expected} are allowed.',
    responsible: 'operator',
    fix: 'Shorten the chain, or raise MAX_DISPATCH_DEPTH.',
  },
  'lineage-unknown': {
    title: 'This App started the run, but the chain of dispatches that led to it is not recorded.',
    message: 'This App started the run, but the chain of dispatches that led to it is not recorded.',
    responsible: 'operator',
    fix: 'Wait until the dispatch that started the run is recorded, then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'too-many-targets': {
    title: 'The run matches more targets than MAX_TARGETS_PER_RUN, not counting those that are refused anyway.',
    message: '{target} is {actual} of this run; {expected} are allowed.',
    responsible: 'operator',
    fix: 'Split the rule, or raise MAX_TARGETS_PER_RUN.',
  },
  'patterns-off': {
    title: 'The operator does not allow patterns as targets.',
    message: '{target} is meant by a pattern of the outbound rule, and ALLOW_PATTERNS is not set.',
    responsible: 'operator',
    fix: 'Name the target in the outbound rule, or set ALLOW_PATTERNS.',
  },
  'public-target': {
    title:
      'The target is public, the source is not, and the pattern of the outbound rule does not include public targets.',
    message:
      '{target} is public and {source} is not; the pattern {expected} of the outbound rule means no public repository.',
    responsible: 'source',
    fix: 'Name the target in the outbound rule, or add `public: true` beside the pattern. People who can read the target then see the inputs.',
  },
  'target-not-allowed': {
    title: 'The operator’s TARGET_REPO_ALLOWLIST does not include the target repository.',
    message: 'TARGET_REPO_ALLOWLIST does not include {actual}.',
    responsible: 'operator',
    fix: 'Add the repository to TARGET_REPO_ALLOWLIST.',
  },
  'policy-refused': {
    title: 'The policy of the source’s owner does not allow the dispatch.',
    message:
      'The policy of the source’s owner does not allow {source} to start {target}: it accepts {expected}, not {actual}.',
    responsible: 'source',
    fix: 'Change the rule, or ask the owner of the source to change dispatching-policy.yml in its `.github` repository.',
  },
  'policy-invalid': {
    title: 'The policy of the source’s owner has errors. Nothing starts while it has.',
    message: 'The policy of the owner of {source} has errors: {actual}',
    responsible: 'source',
    fix: 'Ask the owner of the source to correct dispatching-policy.yml in its `.github` repository. `dispatcher validate` checks the file before a push.',
  },
  'policy-unreadable': {
    title: 'The policy of the source’s owner cannot be read, or is missing although it is required or was seen before.',
    message: 'The policy of the owner of {source} cannot be read: {actual}.',
    responsible: 'operator',
    fix: 'Give the App access to the owner’s `.github` repository, or restore the file. If the policy was removed on purpose, run `dispatcher confirm OWNER/.github --policy-removed`. Then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'input-value-invalid': {
    title:
      'The value of an input is longer than 1,024 characters, contains control characters, or uses a field that has no value for the run.',
    message: 'An input for {target} cannot be sent: {actual}.',
    responsible: 'source',
    fix: 'Shorten the value, or use another field.',
  },

  'key-ended': {
    title: 'The API key that requested the dispatch was revoked, deleted or has expired.',
    message: '{target} was requested by {source}, and that key is {actual}.',
    responsible: 'operator',
    fix: 'Send a new request with a valid key. A replay needs the key that made the original request.',
  },
  'key-scope': {
    title: 'The scope of the API key does not include the requested target.',
    message: 'The scope of {source} does not include {target}.',
    responsible: 'operator',
    fix: 'Ask an operator for a key whose `targets` include it.',
  },

  'schedule-ended': {
    title: 'The schedule that requested the dispatch was paused or deleted.',
    message: '{target} was requested by {source}, and that schedule is {actual}.',
    responsible: 'operator',
    fix: 'Resume the schedule, or create it again.',
  },
  'schedule-scope': {
    title: 'The target of the schedule is no longer the one that was requested.',
    message: '{target} is not the target of {source}.',
    responsible: 'operator',
    fix: 'Run the schedule again: it then requests its present target.',
  },
  'webhook-ended': {
    title: 'The webhook that requested the dispatch was paused or deleted.',
    message: '{target} was requested by {source}, and that webhook is {actual}.',
    responsible: 'operator',
    fix: 'Resume the webhook, or create it again.',
  },
  'webhook-scope': {
    title: 'The target of the webhook is no longer the one that was requested.',
    message: '{target} is not the target of {source}.',
    responsible: 'operator',
    fix: 'Send the message again: the webhook then requests its present target.',
  },
  'job-input-unused': {
    title: 'The job sets an input that its outbound rule does not use.',
    message: 'The outbound rule for {target} uses {expected}, and the job sets {actual}.',
    responsible: 'source',
    fix: 'Use the input in the outbound rule as `${{ job.inputs.<name> }}`, or remove it from the request of the job.',
  },

  // Decisions: a rule with `needs`
  'source-runs-unreadable': {
    title: 'The runs on the commit could not be read, even after retries.',
    message: 'The other runs on the commit of {source} could not be read: {actual}.',
    responsible: 'operator',
    fix: 'Check GitHub’s status and the App’s permissions, then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'waiting-for-needs': {
    title: 'Another workflow that the rule needs has not completed with an accepted conclusion on the commit.',
    message: '{target} waits for other workflows on the commit: {actual}.',
    responsible: 'nobody',
    fix: 'Nothing to do while they run: the target starts when the last one completes. If one has failed, run it again.',
  },
  'already-dispatched': {
    title: 'The rule needs several workflows, and another run on the commit has already dispatched the target.',
    message: '{target} was already dispatched for this commit, by the run {actual}.',
    responsible: 'nobody',
    fix: 'Nothing to do: such a rule dispatches once per commit. If that dispatch failed, ask an operator to replay its run. To start the target once more, the operator runs `dispatcher replay RUN --dispatch-again`.',
  },

  // Decisions: the target
  'target-not-visible': {
    title: 'The target does not exist, or the App is not installed on it.',
    message: 'The repository of {target} does not exist, or the App is not installed on it.',
    responsible: 'source',
    fix: 'Check the name, and ask the target’s owners to install the App.',
  },
  'target-refused': {
    title: 'The target does not accept this route, or the App has no access to it.',
    message: 'The repository of {target} does not accept this route, or the App has no access to it.',
    responsible: 'target',
    fix: 'Check the name, and ask the target’s owners to install the App and to add an inbound rule.',
  },
  'target-unreadable': {
    title: 'The target could not be read, even after retries.',
    message: 'The repository of {target} could not be read: {actual}.',
    responsible: 'operator',
    fix: 'Check GitHub’s status and the App’s permissions, then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'plan-over-budget': {
    title: 'The files of the source and of its targets are too large to be evaluated for one run (512 KB in total).',
    message: 'The files of the repository of {target} and of the other targets of this run exceed 512 KB in total.',
    responsible: 'source',
    fix: 'Use fewer targets in one run, or ask the owners of the targets to shorten their dispatching.yml.',
  },
  'target-archived': {
    title: 'The target repository is archived, disabled or locked.',
    message: 'The repository of {target} is {actual}.',
    responsible: 'source',
    fix: 'Unarchive the target, or remove the rule.',
    requestFix: 'Unarchive the target, or request another one.',
  },
  'target-branch-unreadable': {
    title: 'The target’s default branch could not be read.',
    message: 'The default branch of the repository of {target} could not be read.',
    responsible: 'target',
    fix: 'Push a first commit to the default branch, or choose a default branch that exists.',
  },
  'target-no-config': {
    title: 'The target has no dispatching.yml on its default branch.',
    message: 'The repository of {target} has {actual} on its default branch.',
    responsible: 'target',
    fix: 'Add a dispatching.yml with an inbound rule for this source. Rename a dispatching.yaml: only the extension .yml is read.',
  },
  'target-config-invalid': {
    title: 'The target’s dispatching.yml has errors.',
    message: 'The dispatching.yml of {target} has errors: {actual}',
    responsible: 'target',
    fix: 'Correct the lines that the message names. To check the file before a push, run `dispatcher validate dispatching.yml`.',
  },
  'target-config-ambiguous': {
    title: 'The target has both dispatching.yml and .github/dispatching.yml.',
    message: 'The repository of {target} has both dispatching.yml and .github/dispatching.yml.',
    responsible: 'target',
    fix: 'Delete one of the two files.',
  },
  'inbound-no-match': {
    title: 'No inbound rule of the target names this source and this workflow or event type.',
    message: 'No inbound rule in the repository of {target} allows {source} to start it.',
    responsible: 'target',
    fix: 'Add an inbound rule for this source: name its repository and its workflow or job, or the API key, schedule or webhook.',
  },
  'source-replaced': {
    title: 'The source’s name belongs to another repository than the one that the target’s inbound rule accepts.',
    message: '{target} accepts {expected} under the name of the source, but the run of {source} belongs to {actual}.',
    responsible: 'target',
    fix: 'Find out who re-created the source. If it may start the workflow, add or correct `repository-id` in the inbound rule, change the target’s dispatching.yml otherwise, or ask an operator to run `dispatcher confirm`. If not, remove the rule.',
  },
  'target-replaced': {
    title: 'The target’s name belongs to another repository than the one that the source’s outbound rule names.',
    message: 'The outbound rule names {expected} as the repository of {target}, but the name belongs to {actual}.',
    responsible: 'source',
    fix: 'Find out who re-created the target. If its workflow may be started, add or correct `repository-id` in the outbound rule, change the source’s dispatching.yml otherwise, or ask an operator to run `dispatcher confirm`. If not, remove the rule.',
  },
  'inbound-branch': {
    title: 'The target’s inbound rule does not accept the run’s branch or tag.',
    message: '{target} does not accept runs on {actual}; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Add the branch to the inbound rule’s branches, or the tag to its tags.',
  },
  'inbound-event': {
    title: 'The target’s inbound rule does not accept the event that triggered the run.',
    message: '{target} does not accept runs triggered by {actual}; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Add the event to the inbound rule’s events.',
  },
  'inbound-environment': {
    title: 'The target’s inbound rule does not accept the environment of the job.',
    message: '{target} does not accept jobs with {actual}; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Add the environment to the inbound rule’s environments, or run the job in one of them.',
  },
  'inbound-conclusion': {
    title: 'The target’s inbound rule does not accept the run’s conclusion.',
    message: '{target} does not accept runs that concluded with {actual}; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Add the conclusion to the inbound rule’s conclusions.',
  },
  'inbound-attempt': {
    title: 'The target’s inbound rule does not accept the attempt of the run.',
    message: '{target} does not accept {actual} of a run; its inbound rule names {expected}.',
    responsible: 'target',
    fix: 'Start a new run of the source’s workflow, or add the attempt to the inbound rule’s attempts.',
  },
  'inbound-ref': {
    title: 'The target’s inbound rule does not accept the requested ref.',
    message: '{target} does not accept the ref {actual}; its inbound rule accepts {expected}.',
    responsible: 'target',
    fix: 'Add the ref to the inbound rule’s refs, or remove the outbound ref.',
    requestFix: 'Remove the ref from {request}, or ask the target to add it to the inbound rule’s refs.',
    sourceMessage: '{target} does not accept the ref {actual}.',
  },
  'inbound-input': {
    title: 'The target’s inbound rule does not accept one of the inputs.',
    message: '{target} does not accept {actual}; its inbound rule accepts {expected}.',
    responsible: 'target',
    fix: 'Add the input to the inbound rule’s inputs, or remove it from the outbound rule.',
    requestFix:
      'Correct or remove the input in {request}, or ask the target to accept it in the inbound rule’s inputs.',
    sourceMessage: '{target} does not accept {actual}.',
  },
  'target-policy-refused': {
    title: 'The policy of the target’s owner does not allow the dispatch.',
    message:
      'The policy of the owner of {target} does not allow {source} to start it: it accepts {expected}, not {actual}.',
    responsible: 'target',
    fix: 'Change the rule, or ask the owner of the target to change dispatching-policy.yml in its `.github` repository.',
  },
  'target-policy-invalid': {
    title: 'The policy of the target’s owner has errors. Nothing starts while it has.',
    message: 'The policy of the owner of {target} has errors: {actual}',
    responsible: 'target',
    fix: 'Ask the owner of the target to correct dispatching-policy.yml in its `.github` repository. `dispatcher validate` checks the file before a push.',
  },
  'target-policy-unreadable': {
    title: 'The policy of the target’s owner cannot be read, or is missing although it is required or was seen before.',
    message: 'The policy of the owner of {target} cannot be read: {actual}.',
    responsible: 'operator',
    fix: 'Give the App access to the owner’s `.github` repository, or restore the file. If the policy was removed on purpose, run `dispatcher confirm OWNER/.github --policy-removed`. Then replay the run: `dispatcher replay RUN --re-evaluate`.',
  },
  'workflow-missing': {
    title: 'The target’s default branch has no such workflow file.',
    message: '{target} does not exist on the default branch.',
    responsible: 'target',
    fix: 'Add the workflow file, or correct its name in the rules.',
  },
  'workflow-invalid': {
    title: 'The target’s workflow file is not a YAML map.',
    message: '{target} is not a workflow: {actual}.',
    responsible: 'target',
    fix: 'Correct the workflow file: it is a map with `on:` and `jobs:`.',
  },
  'workflow-trigger-missing': {
    title: 'The target’s workflow has no workflow_dispatch trigger.',
    message: '{target} has no workflow_dispatch trigger; its triggers are: {actual}.',
    responsible: 'target',
    fix: 'Add `workflow_dispatch:` under `on:` in the target’s workflow.',
  },
  'ref-missing': {
    title: 'The target has no branch or tag of that name.',
    message: 'The repository of {target} has no branch or tag {actual}.',
    responsible: 'source',
    fix: 'Correct the ref, or create it in the target.',
    requestFix: 'Correct the ref in {request}, or create it in the target.',
  },
  'input-undeclared': {
    title: 'The target’s workflow does not declare one of the inputs.',
    message: '{target} does not declare {actual}; it declares {expected}.',
    responsible: 'source',
    fix: 'Declare the input under workflow_dispatch, or remove it from the outbound rule.',
    requestFix: 'Remove the input from {request}, or declare it under workflow_dispatch in the target’s workflow.',
  },
  'input-missing': {
    title: 'The target’s workflow requires an input that is not set.',
    message: '{target} requires {expected}; the dispatch sets {actual}.',
    responsible: 'source',
    fix: 'Set the input in the outbound rule, or give it a default in the workflow.',
    requestFix: 'Set the input in {request}, or give it a default in the workflow.',
  },
  'input-type': {
    title: 'The value of an input does not match the type that the target’s workflow declares.',
    message: '{target} does not accept {actual}; it accepts {expected}.',
    responsible: 'source',
    fix: 'Send a value of that type.',
    requestFix: 'Send a value of that type in {request}.',
  },
  'app-permission-missing': {
    title: 'The App lacks the `contents: write` permission on the target, which a `repository_dispatch` requires.',
    message:
      'The App lacks the `contents: write` permission on the repository of {target}, which a `repository_dispatch` requires; it has {actual}.',
    responsible: 'target',
    fix: 'Request a workflow instead of an event type. Or ask the operator to add the opt-in permission `contents: write` to the App, and accept it on the target.',
  },

  // What the target sees of a decision that depends on the source
  'source-refused': {
    title: 'The source, or the operator’s settings, did not let this run start the route.',
    message:
      '{source} did not start {target}: the source, or the operator’s settings, did not let this run start the route.',
    responsible: 'source',
    fix: 'Ask the maintainers of the source: the run’s page in Dispatcher shows them the reason.',
  },

  'inbound-disabled': {
    title: 'The target’s inbound rule for this source is disabled.',
    message: 'The inbound rule of {target} for {source} is disabled.',
    responsible: 'target',
    fix: 'Set `enabled: true` in the inbound rule.',
  },
  'dry-run': {
    title: 'Both sides allow the dispatch, but it is a dry run: nothing is started.',
    message: '{target} would have been started: both sides allow it. Nothing was started, because of {actual}.',
    responsible: 'nobody',
    fix: 'To start the workflow, remove `enabled: dry-run` from the outbound and the inbound rule, and unset DRY_RUN.',
    requestFix: 'To start the workflow, remove `enabled: dry-run` from the inbound rule, and unset DRY_RUN.',
  },

  // Decisions that no longer hold
  'decision-outdated': {
    title:
      'The rules changed between the decision and the dispatch: the route would now start with another ref, other inputs or in another repository.',
    message: '{target} was not started: the rules changed after the decision, and {actual} would differ.',
    responsible: 'source',
    fix: 'Run the source workflow again, or ask an operator to replay the run: `dispatcher replay RUN --re-evaluate`.',
    requestFix: 'Request the dispatch again; the request of an API key needs another `Idempotency-Key`.',
  },

  // Dispatches that GitHub refused
  'dispatch-not-found': {
    title: 'GitHub cannot find the workflow or the repository (404 Not Found).',
    message: 'GitHub cannot find {target}: {actual}',
    responsible: 'target',
    fix: 'Check that the workflow file is on the default branch and that the App is installed on the repository.',
  },
  'dispatch-forbidden': {
    title: 'GitHub does not allow the App to start workflows in the target (403 Forbidden).',
    message: 'GitHub does not allow the App to start {target}: {actual}',
    responsible: 'target',
    fix: 'Accept the App’s `actions: write` permission on the target.',
  },
  'dispatch-rejected': {
    title: 'GitHub rejected the dispatch (422 Unprocessable Content). Its message gives the reason.',
    message: 'GitHub rejected the dispatch of {target}: {actual}',
    responsible: 'target',
    fix: 'Correct the problem that GitHub’s message names.',
  },
  'dispatch-gone': {
    title: 'GitHub reports that the resource no longer exists (410 Gone).',
    message: 'GitHub reports that {target} no longer exists: {actual}',
    responsible: 'target',
    fix: 'Check that GitHub Actions is enabled in the target.',
  },
  'target-not-installed': {
    title: 'The App is not installed on the target repository.',
    message: 'The App is not installed on the repository of {target}.',
    responsible: 'target',
    fix: 'Add the repository to the App’s installation.',
  },
  'outcome-unknown': {
    title: 'GitHub’s response was lost, and the App can no longer list the target’s runs.',
    message: 'It is unknown whether {target} was started: {actual}',
    responsible: 'target',
    fix: 'Check the runs of the workflow. If none was started, correct the problem that GitHub’s message names, then dispatch again.',
  },
  'response-lost': {
    title: 'GitHub’s response to a `repository_dispatch` was lost. The event is never sent again.',
    message:
      'It is unknown whether {target} was started: GitHub’s response was lost, and GitHub does not list the runs that a `repository_dispatch` started.',
    responsible: 'nobody',
    fix: 'Check the target’s runs. If none was started, send the request again with a new Idempotency-Key.',
  },
  'run-not-started': {
    title: 'GitHub accepted the dispatch, but ended the run before any of its jobs started.',
    message: 'GitHub ended the run of {target} before any of its jobs started.',
    responsible: 'target',
    fix: 'Open the run on GitHub. It shows whether the organization’s workflow execution protections block `workflow_dispatch`, or whether the workflow file is invalid.',
  },
} as const satisfies Record<string, CodeEntry>;

export const Code = z.enum(Object.keys(codes) as [keyof typeof codes, ...(keyof typeof codes)[]]);
export type Code = keyof typeof codes;

const requestNames: Readonly<Record<TriggerKind, string | null>> = {
  run: null,
  // An outbound rule says what a job may request.
  job: null,
  key: 'the request',
  schedule: 'the schedule',
  webhook: 'the webhook',
};

/** Returns what to do about a code, in the terms of what requested the dispatch. */
export function fixOf(code: Code, kind: TriggerKind): string {
  const { fix, requestFix }: CodeEntry = codes[code];
  const request = requestNames[kind];
  return request === null || requestFix === undefined ? fix : requestFix.replaceAll('{request}', request);
}

/** Returns the sentence about a code that quotes nothing of the target's rule, or null if there is none. */
export function sourceMessageOf(code: Code): string | null {
  const { sourceMessage }: CodeEntry = codes[code];
  return sourceMessage ?? null;
}
