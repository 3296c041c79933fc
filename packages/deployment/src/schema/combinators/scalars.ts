import { didYouMean, quote } from '@nx-nixpack/base';
import { report, wrongType, type Checker } from '../checker.js';
import { text } from './text.js';

/** `true` or `false` without quotes; `yes` and `on` are text in YAML 1.2. */
export const flag: Checker<boolean> = (slot, checking) => {
  const { node } = slot;
  if (node.kind === 'text' && node.plain) {
    if (/^(?:true|True|TRUE)$/.test(node.text)) return true;
    if (/^(?:false|False|FALSE)$/.test(node.text)) return false;
  }
  return wrongType(slot, checking, 'true or false', 'Write true or false, without quotes.');
};

/** One of a few words. */
export const oneOf =
  <const W extends string>(...words: readonly W[]): Checker<W> =>
  (slot, checking) => {
    const { node, name } = slot;
    const value = text()(slot, checking);
    const word = words.find((known) => known === value);
    if (word !== undefined || value === undefined) return word;
    const message = `${quote(value)} is not a valid ${quote(name)}`;
    return report(checking, 'CONFIG_INVALID_VALUE', node.at, message, didYouMean(value, words));
  };

const NUMBER = /^[-+]?(?:\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+|0x[0-9a-fA-F]+|0o[0-7]+)$/;

/** A port that a server can listen on. */
export const port: Checker<number> = (slot, checking) => {
  const { node, name } = slot;
  const hint = 'Write a number from 1 to 65535.';
  if (node.kind !== 'text' || !node.plain || !NUMBER.test(node.text))
    return wrongType(slot, checking, 'a number', hint);
  const value = /^[1-9]\d{0,4}$/.test(node.text) ? Number(node.text) : 0;
  if (value >= 1 && value <= 65535) return value;
  const message = `${quote(node.text)} is not a valid ${quote(name)}`;
  return report(checking, 'CONFIG_INVALID_VALUE', node.at, message, hint);
};
