import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { type Extension, EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers, type Tooltip } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { describePlace, type JsonSchema, keysAt, valuesAt } from './schema-lookup.ts';
import { keyAt, placeAt } from './yaml-place.ts';

export interface EditorProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

interface EditorProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly problems: readonly EditorProblem[];
  /** For completion and hover; it may arrive later. */
  readonly schema?: JsonSchema | undefined;
}

// The variables of the theme reach into the shadow root.
const theme = EditorView.theme({
  '&': { color: 'var(--fgColor-default)', backgroundColor: 'var(--bgColor-default)', fontSize: '12px' },
  '&.cm-focused': { outline: '2px solid var(--focus-outlineColor)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--fontStack-monospace)',
    lineHeight: '20px',
    minHeight: '120px',
    maxHeight: '420px',
  },
  '.cm-content': { caretColor: 'var(--fgColor-default)' },
  '.cm-cursor': { borderLeftColor: 'var(--fgColor-default)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--selection-bgColor, var(--bgColor-accent-muted)) !important',
  },
  '.cm-gutters': {
    color: 'var(--fgColor-muted)',
    backgroundColor: 'var(--bgColor-muted)',
    borderRight: '1px solid var(--borderColor-muted)',
  },
  '.cm-activeLine': { backgroundColor: 'var(--bgColor-muted)' },
  '.cm-tooltip': {
    color: 'var(--fgColor-default)',
    backgroundColor: 'var(--overlay-bgColor)',
    border: '1px solid var(--borderColor-default)',
    borderRadius: 'var(--borderRadius-medium)',
    boxShadow: 'var(--shadow-floating-small)',
    fontFamily: 'var(--fontStack-sansSerif)',
  },
  '.cm-tooltip-hover': { maxWidth: '44ch', padding: '8px 12px', lineHeight: '18px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--fgColor-onEmphasis)',
    backgroundColor: 'var(--bgColor-accent-emphasis)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', fontFamily: 'var(--fontStack-monospace)' },
  '.cm-completionInfo': { maxWidth: '36ch', padding: '8px 12px' },
  '.cm-diagnostic': { padding: '8px 12px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--borderColor-danger-emphasis)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--borderColor-attention-emphasis)' },
});

const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--codeMirror-syntax-fgColor-entity)' },
  { tag: [tags.string, tags.content], color: 'var(--codeMirror-syntax-fgColor-string)' },
  { tag: [tags.bool, tags.number, tags.atom], color: 'var(--codeMirror-syntax-fgColor-constant)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--codeMirror-syntax-fgColor-comment)' },
]);

/** A text editor for YAML. It lies in a shadow root, where its styles need no exception of the content security policy. */
export function Editor({ label, value, change, problems, schema }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const current = useRef({ change, value, schema });
  useEffect(() => {
    current.current = { change, value, schema };
  });
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const state = EditorState.create({
      doc: current.current.value,
      extensions: [
        ...extensionsOf(label, () => current.current.schema),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) current.current.change(update.state.doc.toString());
        }),
      ],
    });
    const created = new EditorView({ state, parent: root, root });
    view.current = created;
    return () => created.destroy();
  }, [label]);
  // A passive effect could run after the next key press and overwrite the typed character with this older value.
  useLayoutEffect(() => {
    const shown = view.current;
    if (shown === null || shown.state.doc.toString() === value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const shown = view.current;
    if (shown !== null) shown.dispatch(setDiagnostics(shown.state, diagnosticsOf(shown.state, problems)));
  }, [problems]);
  return <div ref={host} />;
}

function diagnosticsOf({ doc }: EditorState, problems: readonly EditorProblem[]): Diagnostic[] {
  return problems.map(({ line: number, column, message, severity }) => {
    const line = doc.line(Math.min(Math.max(1, number), doc.lines));
    const from = Math.min(line.from + Math.max(0, column - 1), line.to);
    const word = /^[^\s:,[\]{}]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
    return { from, to: Math.min(line.to, from + Math.max(1, word)), message, severity };
  });
}

type GetSchema = () => JsonSchema | undefined;

const extensionsOf = (label: string, getSchema: GetSchema): Extension[] => [
  lineNumbers(),
  lintGutter(),
  history(),
  highlightActiveLine(),
  yaml(),
  syntaxHighlighting(highlighting),
  EditorView.lineWrapping,
  // Tab moves on to the next field, as everywhere else on the page.
  keymap.of([...completionKeymap, ...historyKeymap, ...standardKeymap]),
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
  theme,
  autocompletion({ override: [(context) => completionsOf(getSchema(), context)] }),
  hoverTooltip(hoverOf(getSchema)),
];

function completionsOf(schema: JsonSchema | undefined, context: CompletionContext): CompletionResult | null {
  if (schema === undefined) return null;
  const place = placeAt(context.state.doc.toString(), context.pos);
  const keys = place.kind === 'key' ? keysAt(schema, place.path) : [];
  const options = [...keys, ...(keys.length === 0 ? valuesAt(schema, place.path) : [])];
  if (options.length === 0 || (place.word === '' && !context.explicit)) return null;
  return {
    from: context.pos - place.word.length,
    options: options.map(({ label, kind, detail }) => ({
      label,
      apply: kind === 'key' ? `${label}: ` : label,
      type: kind === 'key' ? 'property' : 'constant',
      ...(detail === '' ? {} : { info: detail }),
    })),
    validFor: /^[\w-]*$/,
  };
}

const hoverOf =
  (getSchema: GetSchema) =>
  (view: EditorView, position: number): Tooltip | null => {
    const key = keyAt(view.state.doc.toString(), position);
    const schema = getSchema();
    const text = key === null || schema === undefined ? undefined : describePlace(schema, key.path);
    if (key === null || text === undefined) return null;
    return {
      pos: key.from,
      end: key.to,
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.textContent = text.replaceAll('`', '');
        return { dom };
      },
    };
  };
