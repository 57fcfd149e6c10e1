import { Banner, Dialog, FormControl, Textarea, TextInput } from '@primer/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, read, type Schemas } from '../../api/client.ts';
import { knownTimeZones, parseInputs, problemsOfSchedule, type ScheduleForm } from '../../words/schedules.ts';
import styles from './schedules.module.css';

interface FieldProps {
  readonly field: keyof ScheduleForm;
  readonly label: string;
  readonly placeholder: string;
  readonly caption: string;
  readonly isRequired?: boolean;
  readonly rows?: number;
  readonly list?: string;
}

const fields: readonly FieldProps[] = [
  {
    field: 'name',
    label: 'Name',
    placeholder: 'nightly',
    caption: 'Inbound rules name it: source: { schedule: nightly }',
    isRequired: true,
  },
  {
    field: 'cron',
    label: 'Times',
    placeholder: '0 3 * * 1-5',
    caption: 'Minute, hour, day of month, month and day of week; at least five minutes apart.',
    isRequired: true,
  },
  {
    field: 'timezone',
    label: 'Time zone',
    placeholder: 'Europe/Berlin',
    caption: 'The clock that the times are read from.',
    isRequired: true,
    list: 'time-zones',
  },
  {
    field: 'target',
    label: 'Starts',
    placeholder: 'acme/deploy:cd.yml',
    caption: 'A workflow with on: workflow_dispatch. Its repository must agree, too.',
    isRequired: true,
  },
  { field: 'ref', label: 'Ref', placeholder: 'main', caption: 'Its default branch unless given.' },
  {
    field: 'inputs',
    label: 'Inputs',
    placeholder: 'environment=staging',
    caption: 'One a line: name=value.',
    rows: 3,
  },
  {
    field: 'reason',
    label: 'Reason',
    placeholder: 'Nightly deployment of staging',
    caption: 'It is recorded in the audit log.',
    isRequired: true,
  },
];

/** Asks for the times and the target of a new schedule. */
export function CreateScheduleDialog({ close }: { readonly close: () => void }) {
  const queries = useQueryClient();
  const empty = { name: '', cron: '', target: '', ref: '', inputs: '', reason: '' };
  const [form, setForm] = useState<ScheduleForm>({ ...empty, timezone: ownTimeZone() });
  const [wasSent, setWasSent] = useState(false);
  const [zones] = useState(knownTimeZones);
  const firstField = useRef<HTMLInputElement>(null);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const creation = useMutation({
    mutationFn: (body: Schemas['CreateScheduleRequest']) =>
      read(api.POST('/api/schedules', { body, headers: { 'idempotency-key': idempotencyKey } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['schedules'] });
      close();
    },
  });
  const problems = wasSent ? problemsOfSchedule(form) : {};
  const submit = () => {
    setWasSent(true);
    if (Object.keys(problemsOfSchedule(form)).length > 0 || creation.isPending) return;
    const { name, cron, timezone, target, ref, inputs, reason } = form;
    creation.mutate({
      name,
      cron: cron.trim().replaceAll(/\s+/g, ' '),
      timezone: timezone.trim(),
      target: target.trim(),
      ...(ref.trim() === '' ? {} : { ref: ref.trim() }),
      inputs: parseInputs(inputs),
      reason: reason.trim(),
    });
  };
  return (
    <Dialog
      title="New schedule"
      width="large"
      initialFocusRef={firstField}
      onClose={close}
      footerButtons={[
        { content: 'Cancel', onClick: close },
        { content: 'Create schedule', buttonType: 'primary', loading: creation.isPending, onClick: submit },
      ]}
    >
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {creation.error === null ? null : (
          <Banner variant="critical" title="The schedule was not created" description={creation.error.message} />
        )}
        {fields.map(({ field, label, placeholder, caption, isRequired = false, rows, list }) => (
          <FormControl key={field} required={isRequired}>
            <FormControl.Label>{label}</FormControl.Label>
            {rows === undefined ? (
              <TextInput
                {...(field === 'name' ? { ref: firstField } : {})}
                {...(list === undefined ? {} : { list })}
                block
                value={form[field]}
                maxLength={1_000}
                placeholder={placeholder}
                autoComplete="off"
                onChange={({ target }) => setForm({ ...form, [field]: target.value })}
              />
            ) : (
              <Textarea
                block
                rows={rows}
                resize="vertical"
                value={form[field]}
                placeholder={placeholder}
                onChange={({ target }) => setForm({ ...form, [field]: target.value })}
              />
            )}
            {problems[field] === undefined ? (
              <FormControl.Caption>{caption}</FormControl.Caption>
            ) : (
              <FormControl.Validation variant="error">{problems[field]}</FormControl.Validation>
            )}
          </FormControl>
        ))}
        <datalist id="time-zones">
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </datalist>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Dialog>
  );
}

/** Returns the time zone of the browser. */
function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
