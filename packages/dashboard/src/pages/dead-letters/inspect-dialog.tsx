import { Dialog } from '@primer/react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read } from '../../api/client.ts';
import { useIsOperator } from '../../api/session.ts';
import facts from '../../components/facts.module.css';
import { QueryView } from '../../components/query-view.tsx';
import { ListSkeleton } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { counted } from '../../words/counts.ts';
import { nextStepOf, type QueueName, titleOfQueue, titleOfReason } from '../../words/dead-letters.ts';
import type { ActionKind } from './action.ts';
import styles from './dead-letters.module.css';
import { formatBody } from './format-body.ts';

interface InspectProps {
  readonly queue: QueueName;
  readonly deadLetterId: string;
  readonly close: () => void;
  readonly begin: (kind: ActionKind, deadLetterId: string) => void;
}

/** One dead letter with its whole message, which stays in its queue. */
export function InspectDialog({ queue, deadLetterId, close, begin }: InspectProps) {
  const message = useQuery({
    queryKey: ['dead-letter', queue, deadLetterId],
    queryFn: ({ signal }) => read(api.POST('/api/dead-letters/inspect', { body: { queue, deadLetterId }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isOperator = useIsOperator();
  const canRedrive = message.data?.to !== null && message.data !== undefined;
  return (
    <Dialog
      title={message.data === undefined ? 'Dead letter' : titleOfReason(message.data.reason)}
      subtitle={titleOfQueue(queue)}
      width="xlarge"
      onClose={close}
      footerButtons={
        isOperator
          ? [
              {
                content: 'Discard…',
                buttonType: 'danger',
                disabled: message.data === undefined,
                onClick: () => begin('discard', deadLetterId),
              },
              {
                content: 'Redrive…',
                buttonType: 'primary',
                disabled: !canRedrive,
                onClick: () => begin('redrive', deadLetterId),
              },
            ]
          : []
      }
    >
      <QueryView query={message} skeleton={<ListSkeleton rows={5} />}>
        {(found) => (
          <div className={styles.inspected}>
            {found.detail === null ? null : <p>{found.detail}</p>}
            <p className={styles.hint}>{nextStepOf(found.reason)}</p>
            <dl className={facts.facts}>
              <dt>Since</dt>
              <dd>
                <Time value={found.since} />
              </dd>
              <dt>Attempts</dt>
              <dd>
                {found.attempts ?? 'unknown'}, redriven {counted(found.redrives, 'time')}
              </dd>
              <dt>Redrive to</dt>
              <dd>{found.to === null ? 'not possible' : titleOfQueue(found.to)}</dd>
              {found.misplacedFrom === null ? null : (
                <>
                  <dt>Belongs to</dt>
                  <dd>{titleOfQueue(found.misplacedFrom)}</dd>
                </>
              )}
              <dt>Run</dt>
              <dd>
                {found.runKey === null ? (
                  'unknown'
                ) : (
                  <Link to="/runs/$runKey" params={{ runKey: found.runKey }}>
                    {found.runKey}
                  </Link>
                )}
              </dd>
              <dt>Delivery</dt>
              <dd>
                <code>{found.correlationId}</code>
              </dd>
              <dt>Message</dt>
              <dd>
                <code>{found.messageId}</code>
              </dd>
            </dl>
            {/* A region that scrolls must be reachable by keyboard. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre className={styles.body} tabIndex={0} role="region" aria-label="Message body">
              {formatBody(found.body)}
            </pre>
          </div>
        )}
      </QueryView>
    </Dialog>
  );
}
