import { Banner } from '@primer/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read, type Schemas } from '../../api/client.ts';
import { pageSize } from '../../api/use-list.ts';
import { DataList } from '../../components/data-list.tsx';
import facts from '../../components/facts.module.css';
import { Message } from '../../components/message.tsx';
import { Section } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { StateLabel } from '../../components/state-label.tsx';
import { Blank } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import {
  failedFileCheck,
  type FileAsRead,
  type FileState,
  newestFileAsRead,
  problemsOf,
  runThatReadFile,
  stateOfFile,
} from '../../words/file-problems.ts';
import type { State } from '../../words/states.ts';
import { FileText } from './file-text.tsx';

const states: Readonly<Record<FileState, State>> = {
  valid: { icon: 'check', tone: 'success', word: 'Valid' },
  invalid: { icon: 'failed', tone: 'danger', word: 'Invalid' },
  absent: { icon: 'dot', tone: 'quiet', word: 'No dispatching.yml' },
  ambiguous: { icon: 'failed', tone: 'danger', word: 'Two files' },
  unreadable: { icon: 'question', tone: 'attention', word: 'Could not be read' },
};

interface FileProps {
  readonly owner: string;
  readonly name: string;
}

/** The repository's dispatching.yml as the newest decision read it. */
export function DispatchingFile({ owner, name }: FileProps) {
  const repository = `${owner}/${name}`;
  const newest = useQuery({
    queryKey: ['repository-file', repository],
    queryFn: ({ signal }) =>
      read(
        api.GET('/api/repositories/{owner}/{name}/facts', {
          params: { path: { owner, name }, query: { limit: pageSize } },
          signal,
        }),
      ),
  });
  return (
    <QueryView query={newest}>
      {({ facts: all }) => {
        const runKey = runThatReadFile(repository, all);
        return runKey === null ? <NotRead /> : <FileInRun repository={repository} runKey={runKey} />;
      }}
    </QueryView>
  );
}

const NotRead = () => (
  <Blank title="The file was not read lately">
    It is read when a run completes in this repository, and when a rule of another repository names it.
  </Blank>
);

const useHistory = (runKey: string) =>
  useQuery({
    queryKey: ['run-checks', runKey],
    queryFn: ({ signal }) => read(api.GET('/api/runs/{runKey}', { params: { path: { runKey } }, signal })),
  });

function FileInRun({ repository, runKey }: { readonly repository: string; readonly runKey: string }) {
  return (
    <QueryView query={useHistory(runKey)}>
      {({ revisions }) => {
        const newestFirst = revisions.flatMap((revision) => revision.facts.toReversed());
        const reading = newestFileAsRead(repository, newestFirst);
        return reading === null ? <NotRead /> : <Reading reading={reading} />;
      }}
    </QueryView>
  );
}

function Reading({ reading }: { readonly reading: FileAsRead }) {
  const { side, file, time, runKey, message, fix } = reading;
  const state = stateOfFile(reading);
  return (
    <Section title="As it was read" aside={<Time value={time} align="end" />}>
      <div className={facts.panel}>
        <dl className={facts.facts}>
          <dt>State</dt>
          <dd>
            <StateLabel state={states[state]} />
          </dd>
          <dt>File</dt>
          <dd>
            {file === null ? (
              'none was read'
            ) : (
              <>
                {file.path} at <code>{file.sha.slice(0, 7)}</code>
              </>
            )}
          </dd>
          <dt>Read as</dt>
          <dd>
            {side} of a run:{' '}
            <Link to="/runs/$runKey" params={{ runKey }}>
              {runKey}
            </Link>
          </dd>
        </dl>
      </div>
      {state === 'valid' ? null : (
        <Banner
          variant={state === 'absent' ? 'info' : 'critical'}
          title={states[state].word}
          description={
            <>
              <Message text={message} /> <Message text={fix} />
            </>
          }
        />
      )}
      {state === 'invalid' ? <Problems reading={reading} /> : null}
      {file === null ? null : <FileText reading={reading} />}
    </Section>
  );
}

function Problems({ reading: { runKey, side } }: { readonly reading: FileAsRead }) {
  return (
    <QueryView query={useHistory(runKey)}>
      {({ revisions }) => {
        const check = failedFileCheck(
          revisions.flatMap((revision) => revision.facts.flatMap(checksOf)),
          side,
        );
        if (check === null) return null;
        const { problems, more } = problemsOf(check.actual);
        if (problems.length === 0) return <p>{check.actual}</p>;
        return (
          <div>
            <DataList
              label="Problems"
              rows={problems}
              keyOf={({ line, column, text }) => `${line}:${column} ${text}`}
              columns={[
                { id: 'line', header: 'Line', narrow: 'state', cell: ({ line, column }) => `${line}:${column}` },
                {
                  id: 'problem',
                  header: 'Problem',
                  grow: true,
                  narrow: 'primary',
                  cell: ({ text }) => <Message text={text} />,
                },
              ]}
            />
            {more === 0 ? null : (
              <p className={facts.muted}>
                There are {more} more. <code>dispatcher validate</code> and <Link to="/try">Try it</Link> show all of
                them.
              </p>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}

type HistoryFact = Schemas['RunRevision']['facts'][number];

const checksOf = (fact: HistoryFact): readonly Schemas['Check'][] => {
  if (fact.type === 'run.planned') return fact.data.checks;
  return fact.type === 'route.decided' ? fact.data.decision.checks : [];
};
