import { XIcon } from '@primer/octicons-react';
import { Button, Select, TextInput } from '@primer/react';
import { type ReactNode, useId, useState } from 'react';
import styles from './filters.module.css';

/** The filters of a list, beside each other. `clear` is offered while one is set. */
export function Filters({
  children,
  clear,
}: {
  readonly children: ReactNode;
  readonly clear?: (() => void) | undefined;
}) {
  return (
    <div className={styles.bar} role="group" aria-label="Filters">
      {children}
      {clear === undefined ? null : (
        <Button variant="invisible" leadingVisual={XIcon} onClick={clear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  /** Value and text of each choice. */
  readonly choices: readonly (readonly [value: string, text: string])[];
  /** What the list shows without this filter: `All`. */
  readonly all?: string;
  readonly change: (value: string | undefined) => void;
}

/** A filter with fixed values. */
export function ChoiceFilter({ label, value, choices, all = 'All', change }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        value={value ?? ''}
        onChange={({ target }) => change(target.value === '' ? undefined : target.value)}
      >
        <Select.Option value="">{all}</Select.Option>
        {choices.map(([each, text]) => (
          <Select.Option key={each} value={each}>
            {text}
          </Select.Option>
        ))}
      </Select>
    </div>
  );
}

interface TextFilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly placeholder?: string;
  readonly change: (value: string | undefined) => void;
}

/** A filter by text, which applies when the field is left or Enter is pressed. */
export function TextFilter(props: TextFilterProps) {
  return <TextFilterField key={props.value ?? ''} {...props} />;
}

function TextFilterField({ label, value = '', placeholder, change }: TextFilterProps) {
  const id = useId();
  const [text, setText] = useState(value);
  const apply = () => {
    const next = text.trim();
    if (next !== value) change(next === '' ? undefined : next);
  };
  return (
    <form
      className={`${styles.field} ${styles.wide}`}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label htmlFor={id}>{label}</label>
      <TextInput
        id={id}
        block
        value={text}
        spellCheck={false}
        autoComplete="off"
        {...(placeholder === undefined ? {} : { placeholder })}
        onChange={({ target }) => setText(target.value)}
        onBlur={apply}
      />
    </form>
  );
}

const windows = [
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
] as const;

/** A filter by time. The URL keeps the choice itself (`since=24h`), so that a bookmark stays current. */
export const TimeFilter = ({ value, change }: Pick<ChoiceProps, 'value' | 'change'>) => (
  <ChoiceFilter label="Time" all="All" value={value} choices={windows} change={change} />
);
