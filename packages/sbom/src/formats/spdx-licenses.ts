import { compareText } from '@nx-nixpack/base';
import type { License } from '../package-graph.js';
import { spdxHash } from './spdx-hash.js';
import { YOUNG_IDS } from './spdx-young-ids.js';

const REFERENCE = /LicenseRef-[A-Za-z0-9.-]+/g;

/** Collects what the licenses of a document refer to beside the SPDX list: each reference needs an entry of its own. */
export class LicenseReferences {
  readonly #texts = new Map<string, string>();

  /** All licenses apply together; NOASSERTION when a package declares none. */
  expression(licenses: readonly License[]): string {
    const terms = licenses.map((license) => this.#term(license));
    if (terms.length < 2) return terms[0] ?? 'NOASSERTION';
    return terms.map((term) => (term.includes(' ') ? `(${term})` : term)).join(' AND ');
  }

  /** Nothing when there is no reference: the specification wants no empty list. */
  section(): object {
    if (this.#texts.size === 0) return {};
    const entries = [...this.#texts].sort(([a], [b]) => compareText(a, b));
    return {
      hasExtractedLicensingInfos: entries.map(([licenseId, text]) => ({
        licenseId,
        extractedText: text,
        name: text,
      })),
    };
  }

  #term(license: License): string {
    if (license.kind === 'id') return this.#identifier(license.id);
    if (license.kind === 'name') return this.#named(license.name);
    // A reference into another document leads nowhere here.
    if (license.expression.includes('DocumentRef-')) return this.#named(license.expression);
    for (const [reference] of license.expression.matchAll(REFERENCE))
      if (!this.#texts.has(reference)) this.#texts.set(reference, reference);
    return license.expression.replace(/[^\s()]+/g, (word) => this.#identifier(word));
  }

  #identifier(id: string): string {
    // A reference has no "or later": what has one is a name of its own.
    if (id.endsWith('+') && YOUNG_IDS.has(id.slice(0, -1))) return this.#named(id);
    if (!YOUNG_IDS.has(id)) return id;
    this.#texts.set(`LicenseRef-${id}`, id);
    return `LicenseRef-${id}`;
  }

  /** The same name, the same reference; different names never share one. */
  #named(name: string): string {
    const readable = name.replace(/[^A-Za-z0-9.]+/g, '-').slice(0, 60);
    const reference = `LicenseRef-${readable}-${spdxHash(name)}`;
    this.#texts.set(reference, name);
    return reference;
  }
}
