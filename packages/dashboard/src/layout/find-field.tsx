import { SearchIcon } from '@primer/octicons-react';
import { TextInput } from '@primer/react';
import { KeybindingHint } from '@primer/react/experimental';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { type RefObject, useState } from 'react';
import { useIsNarrow } from '../components/use-media.ts';
import styles from './layout.module.css';

/** The field in the header that finds a run, a commit, a repository and everything else that has an id. */
export function FindField({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const shown = useRouterState({
    select: ({ location }) => (location.pathname === '/find' ? ((location.search as { q?: string }).q ?? '') : ''),
  });
  return <FindForm key={shown} field={field} initial={shown} />;
}

interface FindFormProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly initial: string;
}

function FindForm({ field, initial }: FindFormProps) {
  const navigate = useNavigate();
  const [text, setText] = useState(initial);
  const isNarrow = useIsNarrow();
  return (
    <form
      className={styles.find}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const q = text.trim();
        if (q !== '') void navigate({ to: '/find', search: { q } });
      }}
    >
      <TextInput
        ref={field}
        block
        type="search"
        name="q"
        aria-label="Find a run, commit, pull request, delivery, dispatch, repository or route"
        placeholder="Find a run, commit, repository…"
        leadingVisual={SearchIcon}
        {...(isNarrow ? {} : { trailingVisual: <KeybindingHint keys="/" /> })}
        value={text}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        onChange={({ target }) => setText(target.value)}
      />
    </form>
  );
}
