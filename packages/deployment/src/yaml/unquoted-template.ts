import type { Finding } from './findings.js';

/** `tag: {{ git.sha }}`: a map whose key is a map, to YAML. Nobody means that. */
export const unquotedTemplate = (offset: number): Finding => ({
  code: 'CONFIG_UNQUOTED_TEMPLATE',
  offset,
  message: 'A template outside quotes is a map to YAML',
  hint: 'Put the value in quotes: "{{ git.sha }}".',
});
