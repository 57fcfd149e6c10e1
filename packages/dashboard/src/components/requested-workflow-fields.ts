// The fields that say which workflow a schedule or a webhook starts.

export const targetField = {
  name: 'target',
  label: 'Starts',
  placeholder: 'acme/deploy:cd.yml',
  caption: 'A workflow with on: workflow_dispatch. Its repository must agree, too.',
  isRequired: true,
} as const;

export const refField = {
  name: 'ref',
  label: 'Ref',
  placeholder: 'main',
  caption: 'Its default branch unless given.',
} as const;
