import { Composer, type Document, LineCounter, Parser, Lexer, type ParsedNode } from 'yaml';

/** 256 KB: what a dispatching.yml may have, and the size above which a workflow file is left to GitHub. */
export const maxFileBytes = 256 * 1024;

// A dispatching.yml needs 8 levels, a workflow file about 12. `yaml` composes by recursion: without a limit 2 KB of
// `[[[[…` overflow the stack, which on some Node versions ends the process where nothing can catch it.
const maxDepth = 40;

const maxErrors = 50;

export interface YamlError {
  /** Offset in the text, in UTF-16 units. */
  readonly offset: number;
  readonly message: string;
}

export interface YamlDocument {
  /** Null where the text holds nothing but comments. */
  readonly contents: ParsedNode | null;
  readonly errors: readonly YamlError[];
  /** True where the text asks for another YAML than 1.2, in which `on` and `no` are booleans. */
  readonly otherVersion: boolean;
  readonly lines: LineCounter;
}

/**
 * Composes one YAML 1.2 document in bounded time, whatever the text. Never throws for any text.
 * Duplicate keys are kept (the built-in check is quadratic) and aliases stay unresolved: the callers look at the nodes.
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
  if (document === undefined) throw new Error('The composer was told to give a document in any case and gave none.');
  return document;
}

/** `yaml` makes an Error of every problem, and its stack costs 20 times the parsing: 200 KB of `,` took 4 s. */
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

/** The text's syntax tree, which is built without recursion: the place to stop before anything recurses over it. */
function readTokens(text: string, lines: LineCounter): { tokens: Token[] } | { error: YamlError } {
  const parser = new Parser(lines.addNewLine);
  const tokens: Token[] = [];
  const take = (token: Token): YamlError | undefined => {
    tokens.push(token);
    if (token.type === 'error') return { offset: token.offset, message: token.message };
    const isSecond = token.type === 'document' && tokens.filter(({ type }) => type === 'document').length > 1;
    return isSecond ? { offset: token.offset, message: 'A second document begins here' } : undefined;
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      const error = take(token);
      if (error) return { error };
    }
    if (parser.stack.length > maxDepth) {
      return { error: { offset: parser.offset, message: `Nested deeper than ${maxDepth} levels` } };
    }
  }
  for (const token of parser.end()) {
    const error = take(token);
    if (error) return { error };
  }
  return { tokens };
}
