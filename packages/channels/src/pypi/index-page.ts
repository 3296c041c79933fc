import type { ProjectFile } from './project-file.js';

/** No part of it reaches over the beginning of another: pages of registries are long. */
const ANCHOR = /<a\s([^<>]*)>([^<]*)<\/a>/gi;
const HASH = /#(sha256|sha512)=([0-9a-fA-F]+)$/;

/** The files of an index page in HTML, which mirrors answer that know no JSON. Files without a hash are left out. */
export function filesOfPage(html: string): readonly ProjectFile[] {
  return [...html.matchAll(ANCHOR)].flatMap(([, attributes = '', filename = '']) => {
    const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes);
    const url = unescaped(href?.[1] ?? href?.[2] ?? '');
    const [, method, hash] = HASH.exec(url) ?? [];
    if (method === undefined || hash === undefined) return [];
    const yanked = /\bdata-yanked\b/i.test(attributes);
    return { filename: filename.trim(), url, hashes: { [method]: hash }, yanked };
  });
}

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
