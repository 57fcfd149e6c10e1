import type { FileCheck, FileEffect, FileProblem } from '@dispatcher/contracts';
import type { CheckAnnotation, CheckConclusion } from '@dispatcher/github';
import { inBlock, inCode } from '../issues/issue-text.ts';

/** The name of the check, after the prefix that all checks have. */
export const fileCheckName = 'dispatching.yml';

/** What the check run of a commit says. */
export interface FileCheckContent {
  readonly conclusion: CheckConclusion;
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

/**
 * Returns what the check run says. `failure` only for a file that Dispatcher would refuse: who requires the check would
 * otherwise be blocked by what another repository does or does not do.
 */
export function fileCheckContent(check: FileCheck): FileCheckContent {
  return {
    conclusion: conclusionOf(check),
    title: titleOf(check),
    summary: summaryOf(check),
    annotations: [
      ...check.problems.map((problem) => annotationOf(problem, 'failure')),
      ...check.warnings.map((problem) => annotationOf(problem, 'warning')),
    ],
  };
}

function conclusionOf({ state, warnings }: FileCheck): CheckConclusion {
  if (state === 'invalid' || state === 'ambiguous') return 'failure';
  return warnings.length > 0 ? 'neutral' : 'success';
}

const files = '`dispatching.yml` and `.github/dispatching.yml`';

function titleOf({ state, path, misnamed, problems, warnings }: FileCheck): string {
  if (state === 'ambiguous') return 'There are two files, and neither is used';
  if (state === 'invalid') return `${path ?? 'dispatching.yml'} is invalid: ${countOf(problems.length, 'problem')}`;
  if (state === 'absent') return misnamed === null ? 'dispatching.yml is removed' : `${misnamed} is never read`;
  const more = warnings.length === 0 ? '' : `, with ${countOf(warnings.length, 'warning')}`;
  return `${path ?? 'dispatching.yml'} is valid${more}`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function summaryOf(check: FileCheck): string {
  return [
    introductionOf(check),
    ...problemList('Problems', check.problems),
    ...problemList('Warnings', check.warnings),
    ...effectsOf(check),
    'Dispatcher is a GitHub App that starts workflows in other repositories, as configured in `dispatching.yml`. This check exists only for commits that change the file, so it is not made to be required.',
  ].join('\n\n');
}

function introductionOf({ state, misnamed, isInEffect, defaultBranch }: FileCheck): string {
  const branch = `the default branch ${inCode(defaultBranch)}`;
  const place = isInEffect ? `This commit is on ${branch}` : `Dispatcher reads the file on ${branch}`;
  if (state === 'ambiguous') {
    return `${place}. The commit has both ${files}. As long as both exist, Dispatcher uses neither, and starts nothing from or in this repository. Delete one of the two.`;
  }
  if (state === 'invalid') {
    return `${place}. With this file, Dispatcher would start nothing from or in this repository: an invalid file has no rules at all. Correct the problems at their lines.`;
  }
  if (state === 'valid') {
    return isInEffect
      ? `${place}, and the file is in effect.`
      : `${place}, so the file takes effect when it is merged.`;
  }
  return misnamed === null
    ? `${place}. Without a file, Dispatcher starts nothing from or in this repository.`
    : `${place}. A file named ${inCode(misnamed)} is never read, so its rules start nothing. Rename it to ${inCode(misnamed.replace(/yaml$/, 'yml'))}.`;
}

/** GitHub accepts 65,535 characters of a summary. */
const maxListed = 10;
/** With the longest names, about half of what GitHub accepts. */
const maxEffects = 60;

function problemList(title: string, problems: readonly FileProblem[]): string[] {
  if (problems.length === 0) return [];
  const listed = problems.slice(0, maxListed).map(({ file, line, column, message, fix }) => {
    return inBlock(`${file}:${line}:${column}: ${message}; ${fix}`);
  });
  const more = problems.length - listed.length;
  return [`### ${title}`, ...listed, ...(more > 0 ? [`${more} more are annotated in the file.`] : [])];
}

const effectTitles: Readonly<Record<FileEffect['change'], string>> = {
  'becomes-agreed': 'Both sides would agree: these workflows would be started',
  'stops-being-agreed': 'Both sides would no longer agree: these workflows would not be started any more',
  'becomes-requested': 'Requested only: nothing is started until the target accepts it in its `inbound` rules',
  'becomes-offered': 'Offered only: nothing is started until the source asks for it in its `outbound` rules',
};

function effectsOf(check: FileCheck): string[] {
  if (check.isFromFork) {
    return ['For a pull request from a fork, only the file itself is checked.'];
  }
  const shown = check.effects.slice(0, maxEffects);
  const groups = Object.entries(effectTitles).flatMap(([change, title]) => {
    const effects = shown.filter((effect) => effect.change === change);
    return effects.length === 0
      ? []
      : [`### ${title}`, effects.map(({ source, target }) => `- ${inCode(source)} → ${inCode(target)}`).join('\n')];
  });
  const { omittedRepositories } = check;
  const omittedEffects = check.omittedEffects + check.effects.length - shown.length;
  return [
    ...groups,
    ...(omittedEffects > 0 ? [`${countOf(omittedEffects, 'further effect')} not listed.`] : []),
    ...(omittedRepositories > 0
      ? [`${countOf(omittedRepositories, 'repository')} that the file names not compared.`]
      : []),
  ];
}

function annotationOf({ file, line, message, fix }: FileProblem, level: 'failure' | 'warning'): CheckAnnotation {
  const title = level === 'failure' ? 'Problem' : 'Warning';
  return { path: file, startLine: line, endLine: line, level, title, message: `${message}; ${fix}` };
}
