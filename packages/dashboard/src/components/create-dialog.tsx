import { Banner, Dialog, FormControl, Select, Textarea, TextInput } from '@primer/react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useRef, useState } from 'react';
import styles from './create-dialog.module.css';

/** A field of the form: one line, several lines with `rows`, or a choice with `options`. */
export interface CreateField<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** What the value means or where it goes; a problem takes its place. */
  readonly caption?: string;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly rows?: number;
  /** Values that the browser suggests. */
  readonly suggestions?: readonly string[];
  /** Value and text of each choice. */
  readonly options?: readonly (readonly [string, string])[];
}

/** The reason, which every change needs. */
export const reasonField = (placeholder: string) =>
  ({
    name: 'reason',
    label: 'Reason',
    placeholder,
    caption: 'It is recorded in the audit log.',
    isRequired: true,
  }) as const;

type Form<Name extends string> = Readonly<Record<Name, string>>;

interface CreateDialogProps<Name extends string, Result> {
  readonly title: string;
  /** The button that does it: `Create schedule`. It may depend on what was entered. */
  readonly confirm: string | ((form: Form<Name>) => string);
  /** What the response means if it is an error: `The schedule was not created`. */
  readonly failure: string;
  /** The fields, which may depend on what was entered. */
  readonly fieldsOf: (form: Form<Name>) => readonly CreateField<Name>[];
  readonly initial: Form<Name>;
  /** Returns what is wrong with each field; empty if nothing is. */
  readonly problemsOf: (form: Form<Name>) => Partial<Record<Name, string>>;
  /** Sends the form. The key is the same for every try, so that a repeated request creates nothing twice. */
  readonly send: (form: Form<Name>, idempotencyKey: string) => Promise<Result>;
  readonly done: (result: Result) => void;
  readonly close: () => void;
  /** What comes before the fields. */
  readonly children?: ReactNode;
  /** What comes after the fields. */
  readonly below?: (form: Form<Name>) => ReactNode;
}

/** Asks for what operators create: API keys, schedules, webhooks and bulk replays. */
export function CreateDialog<Name extends string, Result>(props: CreateDialogProps<Name, Result>) {
  const { title, confirm, failure, fieldsOf, initial, problemsOf, send, done, close, children, below } = props;
  const [form, setForm] = useState(initial);
  const [wasSent, setWasSent] = useState(false);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const first = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const creation = useMutation({ mutationFn: () => send(form, idempotencyKey), onSuccess: done });
  const problems: Partial<Record<Name, string>> = wasSent ? problemsOf(form) : {};
  const submit = () => {
    setWasSent(true);
    if (Object.keys(problemsOf(form)).length === 0 && !creation.isPending) creation.mutate();
  };
  return (
    <Dialog
      title={title}
      width="large"
      initialFocusRef={first}
      onClose={close}
      footerButtons={[
        { content: 'Cancel', onClick: close },
        {
          content: typeof confirm === 'string' ? confirm : confirm(form),
          buttonType: 'primary',
          loading: creation.isPending,
          onClick: submit,
        },
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
          <Banner variant="critical" title={failure} description={creation.error.message} />
        )}
        {children}
        {fieldsOf(form).map((field, at) => (
          <Field
            key={field.name}
            field={field}
            value={form[field.name]}
            problem={problems[field.name]}
            change={(value) => setForm({ ...form, [field.name]: value })}
            {...(at === 0 ? { inputRef: first } : {})}
          />
        ))}
        {below?.(form)}
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Dialog>
  );
}

interface FieldProps {
  readonly field: CreateField<string>;
  readonly value: string;
  readonly problem: string | undefined;
  readonly change: (value: string) => void;
  readonly inputRef?: RefObject<(HTMLInputElement & HTMLTextAreaElement) | null>;
}

function Field({ field, value, problem, change, inputRef }: FieldProps) {
  const { name, label, caption, isRequired = false, suggestions } = field;
  const list = `suggestions-${name}`;
  return (
    <FormControl required={isRequired}>
      <FormControl.Label>{label}</FormControl.Label>
      {control(field, value, change, { ref: inputRef, list: suggestions === undefined ? undefined : list })}
      {problem === undefined ? (
        caption === undefined ? null : (
          <FormControl.Caption>{caption}</FormControl.Caption>
        )
      ) : (
        <FormControl.Validation variant="error">{problem}</FormControl.Validation>
      )}
      {suggestions === undefined ? null : (
        <datalist id={list}>
          {suggestions.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </datalist>
      )}
    </FormControl>
  );
}

interface ControlOptions {
  readonly ref: FieldProps['inputRef'];
  /** Id of the element with the suggestions. */
  readonly list: string | undefined;
}

/** Returns the input element. Not a component: FormControl recognizes its input among its children. */
function control(
  { placeholder, rows, options }: CreateField<string>,
  value: string,
  change: (value: string) => void,
  { ref, list }: ControlOptions,
) {
  const shared = { block: true, value, ...(ref === undefined ? {} : { ref }) };
  const onChange = ({ target }: { readonly target: { readonly value: string } }) => change(target.value);
  if (options !== undefined) {
    return (
      <Select block value={value} onChange={onChange}>
        {options.map(([each, text]) => (
          <Select.Option key={each} value={each}>
            {text}
          </Select.Option>
        ))}
      </Select>
    );
  }
  if (rows !== undefined) {
    return <Textarea {...shared} rows={rows} resize="vertical" placeholder={placeholder} onChange={onChange} />;
  }
  return (
    <TextInput
      {...shared}
      {...(list === undefined ? {} : { list })}
      maxLength={1_000}
      autoComplete="off"
      onChange={onChange}
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  );
}
