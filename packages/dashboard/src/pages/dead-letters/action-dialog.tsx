import { Banner, Checkbox, Dialog, FormControl, Select, TextInput } from '@primer/react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useRef, useState } from 'react';
import { api, read } from '../../api/client.ts';
import { QueryView } from '../../components/query-view.tsx';
import { Skeleton } from '../../components/states.tsx';
import { counted } from '../../words/counts.ts';
import { deadLetterReasons, titleOfQueue, titleOfReason } from '../../words/dead-letters.ts';
import { type ActionResponse, describeSelection, estimateRequestOf, type Intent, type Selection } from './action.ts';
import styles from './dead-letters.module.css';
import { actionableOf, sentenceOfEstimate } from './estimate.ts';
import { runner } from './runner.ts';

interface DialogProps extends Intent {
  readonly close: () => void;
}

const ages = [
  [3_600, 'Older than 1 hour'],
  [86_400, 'Older than 1 day'],
  [7 * 86_400, 'Older than 7 days'],
] as const;

/** Asks which dead letters, says first what would happen to how many, and starts the action once a reason is given. */
export function ActionDialog({ kind, queue, select: initial, close }: DialogProps) {
  const navigate = useNavigate();
  const [select, setSelect] = useState<Selection>(initial);
  const [quarantined, setQuarantined] = useState(false);
  const [reason, setReason] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const reasonField = useRef<HTMLInputElement>(null);
  const selectId = useId();
  const estimate = useQuery({
    queryKey: ['dead-letter-estimate', kind, queue, select, quarantined],
    queryFn: ({ signal }) => estimateOf({ kind, queue, select, quarantined }, signal),
    staleTime: 0,
    gcTime: 0,
  });
  const found = estimate.data === undefined ? 0 : actionableOf(estimate.data);
  const verb = kind === 'redrive' ? 'Redrive' : 'Discard';
  const start = () => {
    const text = reason.trim();
    if (text === '') {
      setIsMissing(true);
      reasonField.current?.focus();
      return;
    }
    if (estimate.data === undefined) return;
    const { before } = estimate.data;
    const action = runner.start({ kind, queue, select, quarantined, reason: text, before, estimate: found });
    void navigate({
      to: '/dead-letters/actions/$actionId',
      params: { actionId: action.actionId },
      search: { kind, since: action.startedAt },
    });
  };
  return (
    <Dialog
      title={`${verb} dead letters`}
      subtitle={`Queue: ${titleOfQueue(queue)}`}
      width="large"
      initialFocusRef={reasonField}
      onClose={close}
      footerButtons={[
        { content: 'Cancel', onClick: close },
        {
          content: estimate.data === undefined ? verb : `${verb} ${counted(found, 'dead letter')}`,
          buttonType: kind === 'redrive' ? 'primary' : 'danger',
          disabled: estimate.data === undefined || found === 0,
          onClick: start,
        },
      ]}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <FormControl id={selectId}>
          <FormControl.Label>Which</FormControl.Label>
          <Select
            block
            value={JSON.stringify(select)}
            onChange={({ target }) => setSelect(JSON.parse(target.value) as Selection)}
          >
            {choicesOf(initial).map(([value, text]) => (
              <Select.Option key={value} value={value}>
                {text}
              </Select.Option>
            ))}
          </Select>
        </FormControl>
        {kind === 'redrive' && 'ids' in select ? (
          <FormControl>
            <Checkbox checked={quarantined} onChange={({ target }) => setQuarantined(target.checked)} />
            <FormControl.Label>Quarantined ones, too</FormControl.Label>
            <FormControl.Caption>They were redriven three times before, and failed each time.</FormControl.Caption>
          </FormControl>
        ) : null}
        <FormControl required>
          <FormControl.Label>Reason</FormControl.Label>
          <TextInput
            ref={reasonField}
            block
            value={reason}
            maxLength={1_000}
            placeholder="INC-2041: the target is back"
            onChange={({ target }) => {
              setReason(target.value);
              setIsMissing(false);
            }}
          />
          {isMissing ? (
            <FormControl.Validation variant="error">
              Write a reason: it is recorded in the audit log.
            </FormControl.Validation>
          ) : (
            <FormControl.Caption>
              For example the name of the incident. It is recorded in the audit log.
            </FormControl.Caption>
          )}
        </FormControl>
        <div className={styles.estimate} role="status">
          <QueryView query={estimate} skeleton={<Skeleton height={20} width="70%" />}>
            {(response) => <p>{sentenceOfEstimate(kind, response)}</p>}
          </QueryView>
        </div>
        {kind === 'discard' ? (
          <Banner
            variant="critical"
            layout="compact"
            title="Discarded messages are deleted permanently."
            hideTitle
            description="Discarded messages are deleted permanently. What they would have started does not start."
          />
        ) : null}
      </form>
    </Dialog>
  );
}

const estimateOf = (command: Parameters<typeof estimateRequestOf>[0], signal: AbortSignal): Promise<ActionResponse> => {
  const body = estimateRequestOf(command);
  if (command.kind === 'redrive') {
    return read(api.POST('/api/dead-letters/redrive', { body: { quarantined: false, ...body }, signal }));
  }
  return read(api.POST('/api/dead-letters/discard', { body, signal }));
};

/** What can be chosen: first what the list has selected. */
function choicesOf(initial: Selection): readonly (readonly [value: string, text: string])[] {
  const others: readonly Selection[] = [
    { all: true },
    ...ages.map(([olderThanSeconds]) => ({ olderThanSeconds })),
    ...deadLetterReasons.map((reason) => ({ reason }) as Selection),
  ];
  const first = JSON.stringify(initial);
  return [initial, ...others.filter((each) => JSON.stringify(each) !== first)].map((each) => [
    JSON.stringify(each),
    capitalized(describeSelection(each, titleOfReason)),
  ]);
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
