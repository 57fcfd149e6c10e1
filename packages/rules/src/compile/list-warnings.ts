import { parsePattern, type Pattern } from '../values/pattern.ts';
import { quote } from '../values/problem.ts';
import { createCoverage, type Coverage } from './coverage.ts';
import type { Warning } from './rule-warnings.ts';
import type { FileText } from './schema.ts';

/** Returns the warnings about entries of lists that have no effect. */
export function listWarnings({ outbound = [], inbound = [] }: FileText): Warning[] {
  const coverage = createCoverage();
  const patterns = (texts: readonly string[] | undefined, path: readonly PropertyKey[]) =>
    patternListWarnings(texts ?? [], path, coverage);
  const conditions = (source: SourceText, path: readonly PropertyKey[]) => [
    ...patterns(source.branches, [...path, 'branches']),
    ...patterns(source.tags, [...path, 'tags']),
    ...(['events', 'conclusions', 'attempts'] as const).flatMap((key) =>
      repeatedEntries(source[key] ?? [], [...path, key]),
    ),
  ];
  return [
    ...outbound.flatMap(({ source }, rule) => conditions(source, ['outbound', rule, 'source'])),
    ...inbound.flatMap(({ source, targets }, rule) => [
      ...conditions(source, ['inbound', rule, 'source']),
      ...targets.flatMap(({ refs, inputs = [] }, target) => {
        const path = ['inbound', rule, 'targets', target];
        const values = inputs.flatMap((input, index) =>
          typeof input === 'string'
            ? []
            : Object.entries(input).flatMap(([name, list]) => patterns(list, [...path, 'inputs', index, name])),
        );
        return [...patterns(refs, [...path, 'refs']), ...values];
      }),
    ]),
  ];
}

type SourceText = Pick<
  NonNullable<FileText['inbound']>[number]['source'],
  'branches' | 'tags' | 'events' | 'conclusions' | 'attempts'
>;

function repeatedEntries(entries: readonly (string | number)[], path: readonly PropertyKey[]): Warning[] {
  const known = new Set<string | number>();
  return entries.flatMap((entry, index) => {
    if (known.has(entry)) return [repeated([...path, index], String(entry))];
    known.add(entry);
    return [];
  });
}

function repeated(path: readonly PropertyKey[], entry: string): Warning {
  return { path, message: `the list contains \`${quote(entry, 60)}\` twice`, fix: 'remove one of the two' };
}

/**
 * Returns the warnings about a list of patterns, of which the last one that matches decides: entries that are repeated,
 * excluded again, or exclude what nothing before them includes.
 */
function patternListWarnings(texts: readonly string[], path: readonly PropertyKey[], coverage: Coverage): Warning[] {
  const patterns = texts.flatMap((text) => {
    const parsed = parsePattern(text);
    return 'problem' in parsed ? [] : [parsed.value];
  });
  const exclusions = excludedBy(patterns, coverage);
  const included = patterns.filter(({ negated }) => !negated);
  if (included.length > 0 && exclusions.size === included.length) {
    const fix = 'move the `!` patterns before what they must not exclude, or remove them';
    return [{ path, message: 'the list accepts nothing: its `!` patterns exclude all that it includes', fix }];
  }
  const warnings: Warning[] = [];
  // Texts since the last change between including and excluding: a repetition after a change has an effect.
  let block = new Set<string>();
  let isNegated: boolean | undefined;
  let hasIncluded = false;
  for (const [index, { text, negated }] of patterns.entries()) {
    const at = [...path, index];
    if (negated !== isNegated) block = new Set();
    isNegated = negated;
    const exclusion = exclusions.get(index);
    if (block.has(text)) warnings.push(repeated(at, text));
    else if (exclusion !== undefined) {
      const message = `\`${quote(text, 60)}\` has no effect: \`${quote(exclusion, 60)}\` excludes it again`;
      warnings.push({ path: at, message, fix: 'remove one of the two' });
    } else if (negated && !hasIncluded) {
      const message = `\`${quote(text, 60)}\` has no effect: no pattern before it includes anything`;
      warnings.push({ path: at, message, fix: 'move it after the patterns that it restricts' });
    }
    block.add(text);
    hasIncluded ||= !negated;
  }
  return warnings;
}

/** Later exclusions that each pattern is compared with. Bounds the time for a long list. */
const maxCompared = 50;

/** Returns the texts of the patterns that completely exclude an earlier one, by its index. */
function excludedBy(patterns: readonly Pattern[], coverage: Coverage): ReadonlyMap<number, string> {
  const result = new Map<number, string>();
  const texts = new Set<string>();
  const later: Pattern[] = [];
  for (let index = patterns.length - 1; index >= 0; index -= 1) {
    const pattern = patterns[index];
    if (pattern === undefined) continue;
    if (pattern.negated) {
      texts.add(pattern.text);
      if (later.length < maxCompared) later.push(pattern);
      continue;
    }
    const same = `!${pattern.text}`;
    const exclusion = texts.has(same) ? same : later.find((other) => coverage.pattern(other, pattern))?.text;
    if (exclusion !== undefined) result.set(index, exclusion);
  }
  return result;
}
