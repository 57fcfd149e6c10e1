/** The events that can trigger a workflow. Source: GitHub's "Events that trigger workflows". */
export const workflowEvents = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'image_version',
  'issue_comment',
  'issues',
  'label',
  'merge_group',
  'milestone',
  'page_build',
  'project',
  'project_card',
  'project_column',
  'public',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_target',
  'push',
  'registry_package',
  'release',
  'repository_dispatch',
  'schedule',
  'status',
  'watch',
  'workflow_dispatch',
  'workflow_run',
] as const;

/**
 * The default of `events`. Triggering any of these requires write access to the source repository. The events of
 * issues, comments and pull requests are left out, because anyone can cause them. So is `workflow_run`: a pull request
 * of a fork causes it too. `merge_group` is left out because its commits are not merged yet.
 */
export const defaultEvents = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch', 'release'] as const;

/** The default of `conclusions`. */
export const defaultConclusions = ['success'] as const;

const queuePrefix = 'gh-readonly-queue/';

/** Tells whether a branch pattern is about the temporary branches of merge queues. */
export function isQueuePattern(text: string): boolean {
  return text.startsWith(queuePrefix);
}
