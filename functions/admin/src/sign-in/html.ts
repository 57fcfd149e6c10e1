/** Escaped text: everything that is not marked as HTML is. */
export interface Html {
  readonly html: string;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Joins HTML and values. Each value is escaped. */
export function html(texts: TemplateStringsArray, ...values: readonly (string | Html | null)[]): Html {
  const escaped = values.map((value) => {
    if (value === null) return '';
    return typeof value === 'string' ? value.replace(/[&<>"']/g, (each) => entities[each] ?? '') : value.html;
  });
  return { html: String.raw({ raw: texts }, ...escaped) };
}
