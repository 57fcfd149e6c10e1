import { Composer, type Document, LineCounter, Parser, Lexer, type ParsedNode } from 'yaml';

/** 192 KB: the maximum size of a dispatching.yml. It holds 1,000 rules of 190 bytes: conditions, a target, an input. */
export const maxFileBytes = 192 * 1024;

// A dispatching.yml needs 8 levels, a workflow file about 12. `yaml` composes by recursion: without a limit, 2 KB of
// `[[[[…` overflow the stack, which ends the process on some Node versions and cannot be caught.
const maxDepth = 40;

const maxErrors = 50;

export interface YamlError {
  /** Offset in UTF-16 units. */
  readonly offset: number;
  readonly message: string;
}

export interface YamlDocument {
  /** Null if the text contains only comments. */
  readonly contents: ParsedNode | null;
  readonly errors: readonly YamlError[];
  /** True if the text declares a YAML version other than 1.2. In YAML 1.1, `on` and `no` are booleans. */
  readonly otherVersion: boolean;
  readonly lines: LineCounter;
}

/**
 * Composes one YAML 1.2 document in bounded time. Never throws, for any text.
 * Duplicate keys are kept (the built-in check is quadratic) and aliases stay unresolved; callers inspect the nodes.
 */
export function composeDocument(text: string): YamlDocument {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const read = readTokens(text, lines);
  if ('error' in read) return { contents: null, errors: [read.error], otherVersion: false, lines };

  const document = withoutStacks(() => compose(read.tokens, text.length));
  const { errors, warnings, directives, contents } = document;
  return {
    contents,
    errors: [...errors, ...warnings].slice(0, maxErrors).map(({ pos, message }) => ({ offset: pos[0], message })),
    otherVersion: directives.yaml.explicit === true && directives.yaml.version !== '1.2',
    lines,
  };
}

function compose(tokens: readonly Token[], length: number): Document.Parsed {
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [document] = composer.compose(tokens, true, length);
  if (document === undefined) throw new Error('The YAML composer returned no document.');
  return document;
}

/** Runs `work` without stack traces. `yaml` creates an Error per problem: with stacks, 200 KB of `,` took 4 s. */
function withoutStacks<Result>(work: () => Result): Result {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

type Token = Parameters<Composer['next']>[0];

/** Returns the syntax tree, which is built without recursion. Stops at the depth limit, before anything recurses. */
function readTokens(text: string, lines: LineCounter): { tokens: Token[] } | { error: YamlError } {
  const parser = new Parser(lines.addNewLine);
  const tokens: Token[] = [];
  const add = (token: Token): YamlError | undefined => {
    tokens.push(token);
    if (token.type === 'error') return { offset: token.offset, message: token.message };
    const isSecond = token.type === 'document' && tokens.filter(({ type }) => type === 'document').length > 1;
    return isSecond ? { offset: token.offset, message: 'a second document begins here' } : undefined;
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      const error = add(token);
      if (error) return { error };
    }
    if (parser.stack.length > maxDepth) {
      return { error: { offset: parser.offset, message: `nested deeper than ${maxDepth} levels` } };
    }
  }
  for (const token of parser.end()) {
    const error = add(token);
    if (error) return { error };
  }
  return { tokens };
}
