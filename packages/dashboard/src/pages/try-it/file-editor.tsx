import { Section } from '../../components/page.tsx';
import { useIsNarrow } from '../../components/use-media.ts';
import { Editor, type EditorProblem } from './editor.tsx';
import type { FileResult } from './evaluate.ts';
import type { JsonSchema } from './schema-lookup.ts';
import styles from './try-it.module.css';

interface FileEditorProps {
  readonly title: string;
  readonly value: string;
  readonly change: (value: string) => void;
  /** Undefined while nothing is evaluated, and for a file that is not compiled. */
  readonly result?: FileResult | undefined;
  /** Whether the file has a schema, which completes what somebody types. It may arrive later. */
  readonly completes?: boolean;
  readonly schema?: JsonSchema | undefined;
}

/** A file in an editor, with its problems below. */
export function FileEditor({ title, value, change, result, completes = false, schema }: FileEditorProps) {
  const problems = problemsOf(result);
  const isNarrow = useIsNarrow();
  return (
    <Section title={title} aside={completes && !isNarrow ? 'Ctrl-Space completes' : undefined}>
      <div className={styles.editor} data-invalid={problems.some(({ severity }) => severity === 'error')}>
        <Editor label={title} value={value} change={change} problems={problems} schema={schema} />
      </div>
      {problems.length === 0 ? null : (
        <ul className={styles.problems} aria-label={`Problems in ${title}`}>
          {problems.map(({ line, column, message, severity }) => (
            <li key={`${line}:${column} ${message}`} data-severity={severity}>
              Line {line}, column {column}: {message}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const none: readonly EditorProblem[] = [];
const known = new WeakMap<FileResult, readonly EditorProblem[]>();

/** Returns the problems of a result; the same list for the same result, because the editor shows a new list anew. */
function problemsOf(result: FileResult | undefined): readonly EditorProblem[] {
  if (result === undefined) return none;
  const problems = known.get(result) ?? [
    ...result.errors.map(problemAs('error')),
    ...result.warnings.map(problemAs('warning')),
  ];
  known.set(result, problems);
  return problems;
}

const problemAs =
  (severity: EditorProblem['severity']) =>
  ({ line, column, message, fix }: FileResult['errors'][number]): EditorProblem => ({
    line,
    column,
    message: `${message}; ${fix}`,
    severity,
  });
