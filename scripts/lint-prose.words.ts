// The words that the prose linter refuses, and what to write instead: the glossary of docs/style.md as patterns.
// A word that has an innocent sense as well is refused only where the pattern leaves no doubt.

/**
 * Where a pattern applies:
 * - `everywhere`: prose, names and file names.
 * - `prose`: comments, string literals, pages. A space in the pattern also matches a line break.
 * - `names`: identifiers, one-word strings, names in backticks, file names; in lower case, its words separated by
 *   spaces: `letterId`, `letter_id` and `letter-id` are all `letter id`.
 * - `code`: the source text itself, case-sensitive, without comments and longer strings.
 * - `files`: the last part of a path.
 */
export type Scope = 'everywhere' | 'prose' | 'names' | 'code' | 'files';

export interface Rule {
  readonly scope: Scope;
  readonly refuse: RegExp;
  /** Plain lower-case words replace what matched in the suggestion; anything else is printed as it is. */
  readonly say: string;
  /** Only in paths that match. */
  readonly where?: RegExp;
  /** Texts that the rule refuses; the test checks each, in every scope of the rule. */
  readonly examples: readonly string[];
}

/** Files that name the old words on purpose. */
export const exempt: readonly string[] = ['docs/style.md', 'scripts/lint-prose.words.ts', 'scripts/lint-prose.test.ts'];

/** Names that others chose: not ours to change. */
export const foreignNames: readonly string[] = ['EAI_AGAIN', 'dispatchAgain', 'dispatch-again', 'mostRecent'];

/** Words of the glossary that are everyday English or have another sense: refused in longer names or phrases at most. */
export const everyday: readonly string[] =
  'act, again, answer, bus (as a queue), drop, found, free, held, latest…, line, look, origin, people, reading, take, tell, through, world'.split(
    ', ',
  );

export const rules: readonly Rule[] = [
  // Dead letters
  {
    scope: 'everywhere',
    refuse: /(?<!\b(?:dead|capital|upper|lower|case)(?: |-))\bletters?\b(?!,? (?:(?:and|or) )?(?:digit|case))/,
    say: 'dead letter',
    examples: ['letter id', 'letter'],
  },
  { scope: 'prose', refuse: /\bqueue[:=]? ?['"`]?bus\b/, say: '`undelivered-events`', examples: ['--queue bus'] },
  {
    scope: 'code',
    refuse: /\bUNDELIVERED_QUEUE_URL\b/,
    say: '`UNDELIVERED_EVENTS_QUEUE_URL`',
    examples: ['UNDELIVERED_QUEUE_URL'],
  },
  { scope: 'names', refuse: /^looked$/, say: 'scanned', examples: ['looked'] },
  { scope: 'code', refuse: /\bended: 'through'/, say: "`ended: 'completed'`", examples: ["ended: 'through'"] },
  { scope: 'names', refuse: /\bchecked through\b/, say: 'checked until', examples: ['checked through'] },

  // Publish, record, report
  { scope: 'everywhere', refuse: /\b(?:un)?told\b/, say: 'publish, record or report', examples: ['told', 'untold of'] },
  { scope: 'prose', refuse: /\btell(?:s|ing)? of\b/, say: 'report', examples: ['tells of', 'telling of'] },
  {
    scope: 'names',
    refuse: /\btell(?:s|er|ing)?\b/,
    say: 'publish, record or report',
    examples: ['teller', 'tell status'],
  },
  { scope: 'prose', refuse: /\bteller\b/, say: 'publisher', examples: ['the teller'] },

  // The dispatch API and authentication
  { scope: 'everywhere', refuse: /\bdoors?\b/, say: 'dispatch API or authentication', examples: ['door'] },
  {
    scope: 'names',
    refuse: /\bguess(?:es)?\b/,
    say: 'failed authentications or the limiter',
    examples: ['create guesses', 'guesses'],
  },

  // Replay
  { scope: 'prose', refuse: /\brun\.again\b/, say: '`run.replay`', examples: ['run.again'] },
  {
    scope: 'everywhere',
    refuse: /\bdecide(?: |-)again\b/,
    say: 're-evaluate',
    examples: ['decide again', 'decide-again'],
  },
  {
    scope: 'names',
    refuse: /\b\w+ again\b|\bagain \w+/,
    say: 'a name with replay or retry',
    examples: ['run again', 'again mode'],
  },
  { scope: 'files', refuse: /^again\b/, say: 'replay', examples: ['again.ts'] },

  // What was read of a repository
  {
    scope: 'names',
    refuse:
      /\b(?:repository|target|file|ref|blob|keyed|compile) readings?\b|\breadings\b|\breading (?:of|incomplete)\b/,
    say: 'a name with snapshot',
    examples: ['repository reading', 'readings', 'reading of'],
  },

  // Trigger, request, requester, responsible
  {
    scope: 'names',
    refuse: /\bend of origin\b|\b(?:url|repository) of origin\b|\borigin (?:label|of)\b/,
    say: 'a name with trigger',
    examples: ['end of origin', 'origin label'],
  },
  { scope: 'code', refuse: /\bOrigin\b(?!['":])/, say: '`Trigger`', examples: ['Origin'] },
  { scope: 'names', refuse: /\basked\b/, say: 'request', examples: ['asked', 'asked request', 'is asked'] },
  { scope: 'everywhere', refuse: /\baskers?\b/, say: 'requester', examples: ['asker'] },
  {
    scope: 'code',
    refuse: /(?<=(?:^|[{,(;]|\breadonly)\s*)act\??: |(?<=\w)\.act\b(?![.(])/,
    say: '`responsible`',
    examples: ['act: ', 'decision.act'],
  },
  { scope: 'names', refuse: /\bwho acts\b|\bacts of\b/, say: 'responsible', examples: ['who acts'] },

  // Rate limiter and fairness queue
  { scope: 'everywhere', refuse: /\bpaces?\b|\bpace broken\b/, say: 'rate limit', examples: ['pace', 'pace broken'] },
  {
    scope: 'names',
    refuse: /\bturns?\b(?! (?:on|off|into))/,
    say: 'a name with fairness queue or slot',
    examples: ['next turn ms', 'turns'],
  },
  { scope: 'names', refuse: /\bin line\b/, say: 'queued', examples: ['in line'] },

  // Functions of repositories
  { scope: 'names', refuse: /\bintending\b/, say: 'a name with intent', examples: ['intending'] },
  { scope: 'names', refuse: /^unclaimed\b/, say: 'if unclaimed', examples: ['unclaimed', 'unclaimed run'] },

  // Errors
  { scope: 'code', refuse: /\bDeferred\b/, say: '`DeferError`', examples: ['new Deferred('] },
  { scope: 'code', refuse: /\bPermanent\b/, say: '`PermanentError`', examples: ['extends Permanent {'] },
  {
    scope: 'code',
    refuse: /\bclass (?!\w*Error\b)\w+ extends \w*Error\b/,
    say: 'a class name that ends in `Error`',
    examples: ['class BadInput extends Error'],
  },
  { scope: 'names', refuse: /\bcome back\b/, say: 'retry later', examples: ['come back'] },

  // Responses, results, summaries
  { scope: 'names', refuse: /\b\w+ answers?$/, say: 'a name that ends in response', examples: ['graphql answer'] },
  { scope: 'code', refuse: /\bAnswers?\b/, say: '`Response`', examples: ['Answer'] },
  { scope: 'names', refuse: /\bfound runs?\b/, say: 'a name with search result', examples: ['found run'] },
  { scope: 'names', refuse: /\bbriefs?\b/, say: 'a name with summary', examples: ['brief fact', 'brief'] },

  // Limits
  {
    scope: 'names',
    refuse: /^(?:most|longest) (?!recent)\w+/,
    say: 'a name that begins with max',
    examples: ['most tries', 'longest page ms'],
  },
  {
    scope: 'names',
    refuse: /^(?:soonest|shortest|fewest) \w+/,
    say: 'a name that begins with min',
    examples: ['soonest ms', 'fewest blows'],
  },
  {
    scope: 'names',
    refuse: /^latest (?:ms|seconds|minutes)$/,
    say: 'a name that begins with max',
    examples: ['latest ms'],
  },

  // One word each
  { scope: 'everywhere', refuse: /\bmend(?:s|ed|ing)?\b/, say: 'fix or repair', examples: ['mend', 'mended'] },
  { scope: 'everywhere', refuse: /\bsurroundings?\b/, say: 'context or environment', examples: ['surroundings'] },
  { scope: 'code', refuse: /\baround\b/, say: '`context`', examples: ['around'] },
  { scope: 'names', refuse: /\belsewhere\b/, say: 'external', examples: ['served elsewhere', 'elsewhere'] },
  { scope: 'everywhere', refuse: /\bjourneys?\b/, say: 'timeline', examples: ['journey', 'journeys'] },
  { scope: 'everywhere', refuse: /\bhostile\b/, say: 'malicious or adversarial', examples: ['hostile yaml'] },

  // Fault injection
  { scope: 'everywhere', refuse: /\bcrews?\b/, say: 'worker processes', examples: ['crew'] },
  { scope: 'everywhere', refuse: /\bfates?\b/, say: 'fault plan', examples: ['fate', 'fates'] },
  { scope: 'everywhere', refuse: /\bblows?\b(?! up)/, say: 'fault', examples: ['blow', 'plan blows'] },
  { scope: 'everywhere', refuse: /\bstruck\b/, say: 'injected', examples: ['struck', 'until struck'] },
  { scope: 'everywhere', refuse: /\blaborator(?:y|ies)\b/, say: 'harness', examples: ['laboratory'] },
  { scope: 'everywhere', refuse: /\bverdicts?\b/, say: 'result or checker', examples: ['verdict', 'letter verdict'] },
  { scope: 'names', refuse: /\bpeople\b/, say: 'actors', where: /^packages\/chaos\//, examples: ['people'] },
  { scope: 'names', refuse: /\bstor(?:y|ies)\b/, say: 'scenario', examples: ['letter story'] },
  { scope: 'names', refuse: /\bworlds?\b/, say: 'harness', where: /^packages\/chaos\//, examples: ['open world'] },

  // Files whose name says too little: name what is in them
  {
    scope: 'files',
    refuse: /^(?:answers|keys|routes|world|reads?)(?:\.test)?\.ts$/,
    say: 'a file name that says which',
    examples: ['answers.ts', 'keys.ts', 'routes.ts', 'world.ts', 'read.ts', 'reads.ts'],
  },

  // Sentences
  {
    scope: 'prose',
    refuse: /\bwhoever\b/,
    say: 'who: a worker, a client, an administrator',
    examples: ['Whoever asks'],
  },
  {
    scope: 'prose',
    refuse: /\b(?:none )?of ours\b/,
    say: 'which: Dispatcher’s, this App’s',
    examples: ['none of ours'],
  },
  {
    scope: 'prose',
    refuse:
      /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|fewer\b|different\b|better\b|worse\b|greater\b|larger\b|later\b|earlier\b)\w+/,
    say: '“is not a …” or “has no …”',
    examples: ['The body is no JSON.', 'These are no runs'],
  },
  { scope: 'prose', refuse: /\bis a wish\b/, say: '“requests”', examples: ['`outbound` is a wish.'] },
];
