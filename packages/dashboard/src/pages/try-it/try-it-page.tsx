import { CopyIcon } from '@primer/octicons-react';
import { Button, Select } from '@primer/react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useLocation } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { Page, Section } from '../../components/page.tsx';
import { Failure } from '../../components/states.tsx';
import { DecisionView } from './decision-view.tsx';
import { evaluate, isOfOneOwner } from './evaluate.ts';
import { type Example, examples, type ExampleName, hasSource, requestsEvent, isExampleName } from './example.ts';
import { exampleOfRun } from './example-of-run.ts';
import { Field } from './field.tsx';
import { FileEditor } from './file-editor.tsx';
import type { JsonSchema } from './schema-lookup.ts';
import { fromFragment, isTooLarge, toFragment } from './share-link.ts';
import { TriggerFields } from './trigger-fields.tsx';
import { partsOf, problemsOfFields } from './trigger-of-example.ts';
import styles from './try-it.module.css';

const routeApi = getRouteApi('/try');
/** A trigger and the files on the left, the decision on the right, as somebody types. Nothing is sent anywhere. */
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
      lead="Change the trigger and the files, and see what Dispatcher would decide. Everything happens in this page: nothing is sent or stored."
    >
      {shared.data === null ? (
        <p className={styles.fix} role="status">
          The link holds no example: it is incomplete or was changed on its way.
        </p>
      ) : null}
      {run.isError ? <Failure error={run.error} /> : null}
      {run.data !== undefined && fromRun === null ? (
        <p className={styles.fix} role="status">
          The run has no plan yet: there is nothing to try. Below is an example.
        </p>
      ) : null}
      {fromRun === null ? null : (
        <p className={styles.fix}>
          Loaded from{' '}
          <Link to="/runs/$runKey" params={{ runKey: search.run ?? '' }}>
            the run {search.run}
          </Link>{' '}
          with the files as they were then
          {(sourceFile.data === undefined && hasSource(fromRun.example)) || targetFile.data === undefined
            ? '; a file that is empty below was not read or is not stored.'
            : '.'}{' '}
          The workflow file is an example: paste yours, and the policy if there is one.
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

const policyTitle = (fullName: string) => `dispatching-policy.yml of ${partsOf(fullName).owner}`;

function Workbench({ initial, name }: { readonly initial: Example; readonly name: ExampleName }) {
  const navigate = routeApi.useNavigate();
  const { data: schemas } = useQuery({
    queryKey: ['file-schemas'],
    queryFn: () => import('./schema.ts'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [example, setExample] = useState(initial);
  const change = (changes: Partial<Example>) => setExample((previous) => ({ ...previous, ...changes }));
  const shown = useDeferredValue(example);
  const isComplete = Object.keys(problemsOfFields(shown)).length === 0;
  const evaluation = useMemo(() => (isComplete ? evaluate(shown) : undefined), [isComplete, shown]);
  const { source, target } = example;
  const file = (
    key: 'sourceFile' | 'sourcePolicy' | 'targetFile' | 'targetPolicy',
    title: string,
    schema: JsonSchema | undefined,
  ) => (
    <FileEditor
      title={title}
      value={example[key]}
      change={(text) => change({ [key]: text })}
      result={evaluation?.[key]}
      completes
      schema={schema}
    />
  );
  return (
    <>
      <div className={styles.bar}>
        <Field label="Start from">
          {(id) => (
            <Select
              id={id}
              value={name}
              onChange={(event) => void navigate({ search: { example: event.target.value }, hash: '', replace: true })}
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
          <Section title="Trigger">
            <TriggerFields example={example} problems={problemsOfFields(example)} change={change} />
          </Section>
          {hasSource(example) ? file('sourceFile', `dispatching.yml of ${source}`, schemas?.schema) : null}
          {file('targetFile', `dispatching.yml of ${target}`, schemas?.schema)}
          {requestsEvent(example) ? null : (
            <FileEditor
              title={`Workflow in ${target}`}
              value={example.workflowFile}
              change={(workflowFile) => change({ workflowFile })}
            />
          )}
          {file('targetPolicy', policyTitle(target), schemas?.policySchema)}
          {hasSource(example) && !isOfOneOwner(example)
            ? file('sourcePolicy', policyTitle(source), schemas?.policySchema)
            : null}
        </div>
        <div className={styles.decisionColumn}>
          <Section title="Decision">
            {evaluation === undefined ? (
              <p className={styles.muted}>Correct the fields of the trigger to see the decision.</p>
            ) : (
              <DecisionView plan={evaluation.plan} otherTargets={evaluation.otherTargets} />
            )}
          </Section>
        </div>
      </div>
    </>
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
