import { Checkbox, Dialog, FormControl } from '@primer/react';
import { KeybindingHint } from '@primer/react/experimental';
import { singleKeyShortcuts } from '../preferences/single-key-shortcuts.ts';
import type { Shortcut } from './shortcuts.ts';
import styles from './shortcuts-dialog.module.css';

// As @primer/react names them: `Mod+K`; keys in sequence are separated by a space.
const hintOf = (keys: string) => keys.replace('mod', 'Mod');

/** Lists the keyboard shortcuts, and switches those of a single key off or on. */
export function ShortcutsDialog({
  shortcuts,
  close,
}: {
  readonly shortcuts: readonly Shortcut[];
  readonly close: () => void;
}) {
  const isOn = singleKeyShortcuts.use();
  return (
    <Dialog title="Keyboard shortcuts" width="medium" onClose={close}>
      <dl className={styles.list}>
        {shortcuts.map(({ keys, title }) => (
          <div key={keys} className={styles.line}>
            <dt>{title}</dt>
            <dd className={styles.keys}>
              <KeybindingHint keys={hintOf(keys)} />
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles.choice}>
        <FormControl>
          <Checkbox checked={isOn} onChange={({ target }) => singleKeyShortcuts.set(target.checked)} />
          <FormControl.Label>Single keys are shortcuts</FormControl.Label>
          <FormControl.Caption>
            Switch this off if you control the page by voice. Ctrl+K and Cmd+K work in any case.
          </FormControl.Caption>
        </FormControl>
      </div>
    </Dialog>
  );
}
