import { quote } from '@nx-nixpack/base';
import type { Finding } from '../yaml/findings.js';
import type { YamlEntry } from '../yaml/yaml-node.js';

/** A key that a rule requires only in the presence of others. */
export const missingKey = ({ key, offset }: YamlEntry, missing: string): Finding => ({
  code: 'CONFIG_MISSING_KEY',
  offset,
  message: `${quote(key)} lacks the key ${quote(missing)}`,
  hint: `Add ${missing}.`,
});
