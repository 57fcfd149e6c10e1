import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../../api/client.ts';
import { CreateDialog, type CreateField, reasonField } from '../../components/create-dialog.tsx';
import { refField, targetField } from '../../components/requested-workflow-fields.ts';
import { parseInputs } from '../../words/requested-workflow.ts';
import { knownTimeZones, problemsOfSchedule, type ScheduleForm } from '../../words/schedules.ts';

const fields: readonly CreateField<keyof ScheduleForm>[] = [
  {
    name: 'name',
    label: 'Name',
    placeholder: 'nightly',
    caption: 'Inbound rules name it: source: { schedule: nightly }',
    isRequired: true,
  },
  {
    name: 'cron',
    label: 'Times',
    placeholder: '0 3 * * 1-5',
    caption: 'Minute, hour, day of month, month and day of week; at least five minutes apart.',
    isRequired: true,
  },
  {
    name: 'timezone',
    label: 'Time zone',
    placeholder: 'Europe/Berlin',
    caption: 'The clock that the times are read from.',
    isRequired: true,
  },
  targetField,
  refField,
  {
    name: 'inputs',
    label: 'Inputs',
    placeholder: 'environment=staging',
    caption: 'One a line: name=value.',
    rows: 3,
  },
  reasonField('Nightly deployment of staging'),
];

/** Asks for the times and the target of a new schedule. */
export function CreateScheduleDialog({ close }: { readonly close: () => void }) {
  const queries = useQueryClient();
  const [zones] = useState(knownTimeZones);
  const empty = { name: '', cron: '', target: '', ref: '', inputs: '', reason: '' };
  return (
    <CreateDialog
      title="New schedule"
      confirm="Create schedule"
      failure="The schedule was not created"
      initial={{ ...empty, timezone: ownTimeZone() }}
      fieldsOf={() => fields.map((field) => (field.name === 'timezone' ? { ...field, suggestions: zones } : field))}
      problemsOf={problemsOfSchedule}
      send={({ name, cron, timezone, target, ref, inputs, reason }, idempotencyKey) => {
        const body = {
          name,
          cron: cron.trim().replaceAll(/\s+/g, ' '),
          timezone: timezone.trim(),
          target: target.trim(),
          ...(ref.trim() === '' ? {} : { ref: ref.trim() }),
          inputs: parseInputs(inputs),
          reason: reason.trim(),
        };
        return read(api.POST('/api/schedules', { body, headers: { 'idempotency-key': idempotencyKey } }));
      }}
      done={() => {
        void queries.invalidateQueries({ queryKey: ['schedules'] });
        close();
      }}
      close={close}
    />
  );
}

/** Returns the time zone of the browser. */
function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
