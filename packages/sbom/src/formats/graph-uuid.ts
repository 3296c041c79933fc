import { createHash } from 'node:crypto';
import { canonicalJson } from '@nx-nixpack/base';
import type { PackageGraph } from '../package-graph.js';

/** Names the graphs of this product among all UUIDs of version 5. Never changes. */
const NAMESPACE = Buffer.from('7b0c1f3e5d5a4c0e9f0a6b1d2c3e4f50', 'hex');

/** A UUID of version 5 over the graph: equal content, equal number; it names the same document wherever it was made. */
export function graphUuid(graph: PackageGraph): string {
  const bytes = createHash('sha1')
    .update(NAMESPACE)
    .update(canonicalJson(graph))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return groups.join('-');
}
