import { CopyIcon } from '@primer/octicons-react';
import { Button, Select, TextInput } from '@primer/react';
import { conclusions } from '@dispatcher/contracts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useLocation } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useEffect, useId, useMemo, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { Page, Section } from '../../components/page.tsx';
import { Failure } from '../../components/states.tsx';
import { useIsNarrow } from '../../components/use-media.ts';
import { stateOfConclusion } from '../../words/states.ts';
import { DecisionView } from './decision-view.tsx';
import { Editor, type EditorProblem } from './editor.tsx';
import { evaluate, type FileResult, problemsOfFields } from './evaluate.ts';
import { type Example, examples, type ExampleName, isExampleName } from './example.ts';
import { exampleOfRun } from './example-of-run.ts';
import type { JsonSchema } from './schema-lookup.ts';
import { fromFragment, isTooLarge, toFragment } from './share-link.ts';
import styles from './try-it.module.css';

const routeApi = getRouteApi('/try');
const events = [
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'release',
  'pull_request',
  'merge_group',
];

/** Two files and a run on the left, the decision on the right, as somebody types. Nothing is sent anywhere. */
export function TryItPage() {
  const search = routeApi.useSearch();
  const { hash } = useLocation();
  const shared = useQuery({
    queryKey: ['shared-example', hash],
    queryFn: () => fromFragment(`#${hash}`),
    enabled: hash !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const run = useQuery({
    queryKey: ['run-to-try', search.run],
    queryFn: ({ signal }) =>
      read(api.GET('/api/plans/{runKey}', { params: { path: { runKey: search.run ?? '' } }, signal })),
    enabled: search.run !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const name = isExampleName(search.example) ? search.example : 'agreed';
  const fromRun = run.data === undefined ? null : exampleOfRun(run.data);
  const sourceFile = useFile(fromRun?.sourceBlobId ?? null);
  const targetFile = useFile(fromRun?.targetBlobId ?? null);
  const isLoading =
    (hash !== '' && shared.isPending) ||
    (search.run !== undefined && (run.isLoading || sourceFile.isLoading || targetFile.isLoading));
  const ofRun =
    fromRun === null
      ? null
      : { ...fromRun.example, sourceFile: sourceFile.data?.text ?? '', targetFile: targetFile.data?.text ?? '' };
  const initial = shared.data ?? ofRun ?? examples[name].example;
  return (
    <Page
      title="Try it"
      lead="Change the run and the files, and see what Dispatcher would decide. Everything happens in this page: nothing is sent or stored."
    >
      {shared.data === null ? (
        <p className={styles.fix} role="status">
          The link holds no example: it is incomplete or was changed on its way.
        </p>
      ) : null}
      {run.isError ? <Failure error={run.error} /> : null}
      {fromRun === null ? null : (
        <p className={styles.fix}>
          Loaded from{' '}
          <Link to="/runs/$runKey" params={{ runKey: search.run ?? '' }}>
            the run {search.run}
          </Link>{' '}
          with the files as they were then
          {sourceFile.data === undefined || targetFile.data === undefined
            ? '; a file that is empty below was not read or is not stored.'
            : '.'}{' '}
          The workflow file is an example: paste yours.
        </p>
      )}
      {isLoading ? null : <Workbench key={`${hash} ${search.run} ${name}`} initial={initial} name={name} />}
    </Page>
  );
}

const useFile = (blobId: string | null) =>
  useQuery({
    queryKey: ['file', blobId],
    queryFn: ({ signal }) =>
      read(api.GET('/api/files/{blobId}', { params: { path: { blobId: blobId ?? '' } }, signal })),
    enabled: blobId !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });

function Workbench({ initial, name }: { readonly initial: Example; readonly name: ExampleName }) {
  const navigate = routeApi.useNavigate();
  const { data: schema } = useQuery({
    queryKey: ['dispatching-schema'],
    queryFn: async () => (await import('./schema.ts')).schema,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [example, setExample] = useState(initial);
  const change = (changes: Partial<Example>) => setExample((previous) => ({ ...previous, ...changes }));
  const shown = useDeferredValue(example);
  const problems = problemsOfFields(example);
  const isComplete = Object.keys(problemsOfFields(shown)).length === 0;
  const evaluation = useMemo(() => (isComplete ? evaluate(shown) : null), [isComplete, shown]);
  const sourceProblems = useMemo(() => problemsFor(evaluation?.sourceFile), [evaluation]);
  const targetProblems = useMemo(() => problemsFor(evaluation?.targetFile), [evaluation]);
  const field = (key: 'branch' | 'source' | 'target' | 'workflow', label: string) => (
    <Field label={label} problem={problems[key]}>
      {(id) => (
        <TextInput
          id={id}
          block
          value={example[key]}
          spellCheck={false}
          autoComplete="off"
          onChange={({ target }) => change({ [key]: target.value.trim() })}
        />
      )}
    </Field>
  );
  return (
    <>
      <div className={styles.bar}>
        <Field label="Start from">
          {(id) => (
            <Select
              id={id}
              value={name}
              onChange={({ target }) => void navigate({ search: { example: target.value }, hash: '', replace: true })}
            >
              {Object.entries(examples).map(([value, { title }]) => (
                <Select.Option key={value} value={value}>
                  {title}
                </Select.Option>
              ))}
            </Select>
          )}
        </Field>
        <CopyLink example={example} />
      </div>
      <div className={styles.columns}>
        <div className={styles.inputsColumn}>
          <Section title="Run">
            <div className={styles.fields}>
              {field('source', 'Source repository')}
              {field('workflow', 'Workflow')}
              {field('branch', example.event === 'release' ? 'Tag' : 'Branch')}
              <Field label="Event">
                {(id) => (
                  <Select
                    id={id}
                    block
                    value={example.event}
                    onChange={({ target }) => change({ event: target.value })}
                  >
                    {[...new Set([...events, example.event])].map((event) => (
                      <Select.Option key={event} value={event}>
                        {event}
                      </Select.Option>
                    ))}
                  </Select>
                )}
              </Field>
              <Field label="Conclusion">
                {(id) => (
                  <Select
                    id={id}
                    block
                    value={example.conclusion}
                    onChange={({ target }) => change({ conclusion: target.value })}
                  >
                    {conclusions.map((conclusion) => (
                      <Select.Option key={conclusion} value={conclusion}>
                        {stateOfConclusion(conclusion).word}
                      </Select.Option>
                    ))}
                  </Select>
                )}
              </Field>
              {field('target', 'Target repository')}
            </div>
          </Section>
          <File
            title={`dispatching.yml of ${example.source}`}
            value={example.sourceFile}
            change={(sourceFile) => change({ sourceFile })}
            problems={sourceProblems}
            completes
            schema={schema}
          />
          <File
            title={`dispatching.yml of ${example.target}`}
            value={example.targetFile}
            change={(targetFile) => change({ targetFile })}
            problems={targetProblems}
            completes
            schema={schema}
          />
          <File
            title={`Workflow in ${example.target}`}
            value={example.workflowFile}
            change={(workflowFile) => change({ workflowFile })}
            problems={none}
          />
        </div>
        <div className={styles.decisionColumn}>
          <Section title="Decision">
            {evaluation === null ? (
              <p className={styles.muted}>Correct the fields of the run to see the decision.</p>
            ) : (
              <DecisionView plan={evaluation.plan} otherTargets={evaluation.otherTargets} />
            )}
          </Section>
        </div>
      </div>
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly children: (id: string) => ReactNode;
}

/** A labelled field. Primer's FormControl would add 30 KB to the page. */
function Field({ label, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {problem === undefined ? null : (
        <span role="alert" className={styles.fieldProblem}>
          {problem}
        </span>
      )}
    </div>
  );
}

const none: readonly EditorProblem[] = [];

const problem =
  (severity: EditorProblem['severity']) =>
  ({ line, column, message, fix }: FileResult['errors'][number]): EditorProblem => ({
    line,
    column,
    message: `${message}; ${fix}`,
    severity,
  });

const problemsFor = (file: FileResult | undefined): readonly EditorProblem[] => {
  if (file === undefined) return none;
  return [...file.errors.map(problem('error')), ...file.warnings.map(problem('warning'))];
};

interface FileProps {
  readonly title: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly problems: readonly EditorProblem[];
  /** Whether it is a `dispatching.yml`, which has a schema. */
  readonly completes?: boolean;
  readonly schema?: JsonSchema | undefined;
}

function File({ title, value, change, problems, completes = false, schema: fileSchema }: FileProps) {
  const isNarrow = useIsNarrow();
  return (
    <Section title={title} aside={completes && !isNarrow ? 'Ctrl-Space completes' : undefined}>
      <div className={styles.editor} data-invalid={problems.some(({ severity }) => severity === 'error')}>
        <Editor label={title} value={value} change={change} problems={problems} schema={fileSchema} />
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

/** Copies a link whose fragment holds the example. */
function CopyLink({ example }: { readonly example: Example }) {
  const [copied, setCopied] = useState<Example | null>(null);
  const tooLarge = isTooLarge(example);
  useEffect(() => {
    if (copied === null) return undefined;
    const timer = setTimeout(() => setCopied(null), 4_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const link = `${location.origin}${location.pathname}${await toFragment(example)}`;
    await navigator.clipboard.writeText(link);
    setCopied(example);
  };
  return (
    <div className={styles.share}>
      <Button leadingVisual={CopyIcon} disabled={tooLarge} onClick={() => void copy()}>
        Copy link to this example
      </Button>
      <span role="status" className={styles.muted}>
        {tooLarge
          ? 'A file is larger than 16 KB: too long for a link.'
          : copied === null
            ? ''
            : 'Copied. The example is in the link itself; no server receives it.'}
      </span>
    </div>
  );
}
