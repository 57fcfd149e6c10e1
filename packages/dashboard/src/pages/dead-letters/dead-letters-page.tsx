import { InboxIcon } from '@primer/octicons-react';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Page, Section } from '../../components/page.tsx';
import { RunbookLink } from '../../components/runbook-link.tsx';
import { Blank } from '../../components/states.tsx';
import { isQueueName, textOfQueue, titleOfQueue } from '../../words/dead-letters.ts';
import type { Intent } from './action.ts';
import { DeadLetterGroups } from './dead-letter-groups.tsx';
import { DeadLetterList } from './dead-letter-list.tsx';

const ActionDialog = lazy(async () => ({ default: (await import('./action-dialog.tsx')).ActionDialog }));
const InspectDialog = lazy(async () => ({ default: (await import('./inspect-dialog.tsx')).InspectDialog }));

const routeApi = getRouteApi('/dead-letters');

/** Messages that wait for a person, by queue and reason; and the list of one queue. */
export function DeadLettersPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const [intent, setIntent] = useState<Intent | null>(null);
  const queue = isQueueName(search.queue) ? search.queue : null;
  return (
    <Page
      title="Dead letters"
      lead="Messages that could not be processed. They wait here until you redrive them to their queue or discard them."
      actions={<RunbookLink runbook="dead-letters.md">Runbook</RunbookLink>}
    >
      <DeadLetterGroups
        queue={queue}
        reason={search.reason}
        open={(next) => void navigate({ search: next, resetScroll: false })}
      />
      {queue === null ? null : (
        <Section title={titleOfQueue(queue)} aside={textOfQueue(queue)}>
          <DeadLetterList
            key={JSON.stringify({ ...search, id: undefined })}
            queue={queue}
            search={search}
            change={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
            inspect={(id) => void navigate({ search: { ...search, id }, resetScroll: false })}
            begin={setIntent}
          />
        </Section>
      )}
      {search.queue !== undefined && queue === null ? (
        <Blank icon={InboxIcon} title="There is no such queue">
          Choose one of the queues above.
        </Blank>
      ) : null}
      <Suspense>
        {queue !== null && search.id !== undefined && intent === null ? (
          <InspectDialog
            queue={queue}
            deadLetterId={search.id}
            close={() => {
              const { id: _, ...rest } = search;
              void navigate({ search: rest, replace: true, resetScroll: false });
            }}
            begin={(kind, id) => setIntent({ kind, queue, select: { ids: [id] } })}
          />
        ) : null}
        {intent === null ? null : <ActionDialog {...intent} close={() => setIntent(null)} />}
      </Suspense>
    </Page>
  );
}
