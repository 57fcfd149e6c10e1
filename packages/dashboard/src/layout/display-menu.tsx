import { MoonIcon } from '@primer/octicons-react';
import { ActionList, ActionMenu, IconButton } from '@primer/react';
import { appearance, changeAppearance, colorModes, contrasts } from '../preferences/appearance.ts';
import { timeZone } from '../preferences/time-zone.ts';

const modeTitles = { system: 'As the system', light: 'Light', dark: 'Dark' };
const contrastTitles = { system: 'As the system', standard: 'Standard', high: 'High' };
const zoneTitles = { local: 'Local time', utc: 'UTC' };

/** The menu for colors, contrast and the time zone. */
export function DisplayMenu() {
  const { mode, contrast } = appearance.use();
  const zone = timeZone.use();
  return (
    <ActionMenu>
      <ActionMenu.Anchor>
        <IconButton icon={MoonIcon} variant="invisible" aria-label="Appearance and time zone" />
      </ActionMenu.Anchor>
      <ActionMenu.Overlay width="small">
        <ActionList>
          <ActionList.Group selectionVariant="single">
            <ActionList.GroupHeading>Colors</ActionList.GroupHeading>
            {colorModes.map((each) => (
              <ActionList.Item key={each} selected={mode === each} onSelect={() => changeAppearance({ mode: each })}>
                {modeTitles[each]}
              </ActionList.Item>
            ))}
          </ActionList.Group>
          <ActionList.Group selectionVariant="single">
            <ActionList.GroupHeading>Contrast</ActionList.GroupHeading>
            {contrasts.map((each) => (
              <ActionList.Item
                key={each}
                selected={contrast === each}
                onSelect={() => changeAppearance({ contrast: each })}
              >
                {contrastTitles[each]}
              </ActionList.Item>
            ))}
          </ActionList.Group>
          <ActionList.Group selectionVariant="single">
            <ActionList.GroupHeading>Exact times</ActionList.GroupHeading>
            {(['local', 'utc'] as const).map((each) => (
              <ActionList.Item key={each} selected={zone === each} onSelect={() => timeZone.set(each)}>
                {zoneTitles[each]}
              </ActionList.Item>
            ))}
          </ActionList.Group>
        </ActionList>
      </ActionMenu.Overlay>
    </ActionMenu>
  );
}
