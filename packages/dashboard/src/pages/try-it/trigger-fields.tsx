import { Select, Textarea, TextInput } from '@primer/react';
import { conclusions, type TriggerKind, triggerKinds } from '@dispatcher/contracts';
import { stateOfConclusion } from '../../words/states.ts';
import { type Example, hasSource, requestsEvent } from './example.ts';
import { Field } from './field.tsx';
import { type FieldProblems, isOfTag } from './trigger-of-example.ts';
import styles from './try-it.module.css';

const events = [
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'release',
  'pull_request',
  'merge_group',
];

/** What each kind of trigger is called. */
const kinds: Readonly<Record<TriggerKind, string>> = {
  run: 'Completed run',
  job: 'Job of a running workflow',
  key: 'Request with an API key',
  schedule: 'Schedule',
  webhook: 'Webhook of a third party',
};

type TextFieldName =
  | 'branch'
  | 'environment'
  | 'eventType'
  | 'ref'
  | 'requester'
  | 'source'
  | 'target'
  | 'targetId'
  | 'targetWorkflow'
  | 'workflow';

interface TriggerFieldsProps {
  readonly example: Example;
  readonly problems: FieldProblems;
  readonly change: (changes: Partial<Example>) => void;
}

/** What happens: a run completes, a job of one requests a workflow, or a key, schedule or webhook does. */
export function TriggerFields({ example, problems, change }: TriggerFieldsProps) {
  const { trigger } = example;
  const isOfRepository = hasSource(example);
  const isEvent = requestsEvent(example);
  const text = (key: TextFieldName, label: string, placeholder?: string) => (
    <Field label={label} problem={problems[key]}>
      {(id) => (
        <TextInput
          id={id}
          block
          value={example[key]}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          onChange={({ target }) => change({ [key]: target.value.trim() })}
        />
      )}
    </Field>
  );
  const choice = (key: keyof Example, label: string, options: readonly (readonly [string, string])[]) => (
    <Field label={label}>
      {(id) => (
        <Select id={id} block value={example[key]} onChange={({ target }) => change({ [key]: target.value })}>
          {options.map(([value, word]) => (
            <Select.Option key={value} value={value}>
              {word}
            </Select.Option>
          ))}
        </Select>
      )}
    </Field>
  );
  return (
    <div className={styles.fields}>
      {choice(
        'trigger',
        'Trigger',
        triggerKinds.map((kind) => [kind, kinds[kind]]),
      )}
      {isOfRepository ? (
        <>
          {text('source', 'Source repository')}
          {text('workflow', 'Workflow')}
          {text('branch', isOfTag(example) ? 'Tag' : 'Branch')}
          {choice(
            'event',
            'Event',
            [...new Set([...events, example.event])].map((event) => [event, event]),
          )}
        </>
      ) : (
        text('requester', `Name of the ${trigger}`)
      )}
      {trigger === 'run'
        ? choice(
            'conclusion',
            'Conclusion',
            conclusions.map((conclusion) => [conclusion, stateOfConclusion(conclusion).word]),
          )
        : null}
      {trigger === 'job' ? text('environment', 'Environment of the job', 'none') : null}
      {text('target', 'Target repository')}
      {isOfRepository
        ? null
        : choice('requested', 'What is requested', [
            ['workflow', 'A workflow'],
            ['event', 'A repository_dispatch event'],
          ])}
      {isEvent ? text('eventType', 'Type of the event') : null}
      {trigger === 'run' || isEvent ? null : text('targetWorkflow', 'Workflow to start')}
      {trigger === 'job' ? text('targetId', 'Id of the outbound target', 'none') : null}
      {isOfRepository || isEvent ? null : text('ref', 'Branch or tag to start on', 'the default branch')}
      {trigger === 'run' || isEvent ? null : (
        <Field label="Inputs (name=value)" problem={problems.inputs}>
          {(id) => (
            <Textarea
              id={id}
              block
              rows={2}
              resize="vertical"
              value={example.inputs}
              spellCheck={false}
              onChange={({ target }) => change({ inputs: target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
