import { distinctLicenses, readLicense } from '../licenses.js';
import type { License } from '../package-graph.js';

/** Short names of Debian's machine-readable copyright format whose SPDX name is spelled differently. */
const SHORT_NAMES = new Map([
  ['expat', 'MIT'],
  ['artistic', 'Artistic-1.0'],
  ['perl', 'Artistic-1.0 OR GPL-1.0-or-later'],
  ['boost-1.0', 'BSL-1.0'],
  ['cc0', 'CC0-1.0'],
  ['fsfap', 'FSFAP'],
  ['zlib/libpng', 'Zlib'],
]);

const GNU = /^(agpl|gpl|lgpl|gfdl)-(\d)(?:\.(\d))?(\+)?$/;

/** `gpl-2+` → `GPL-2.0-or-later`. */
export function debianShortName(name: string): string | undefined {
  const known = SHORT_NAMES.get(name);
  if (known !== undefined) return known;
  const [, family, major, minor = '0', later] = GNU.exec(name) ?? [];
  if (family === undefined || major === undefined) return undefined;
  return `${family.toUpperCase()}-${major}.${minor}-${later === '+' ? 'or-later' : 'only'}`;
}

/**
 * Licenses of a copyright file: the short names of the machine-readable format, else the common licenses it points to.
 * The latter stay names: a pointer to the text of the GPL does not say whether later versions are allowed.
 */
export function copyrightLicenses(text: string): License[] {
  if (/^Format:/im.test(text.slice(0, 2000))) {
    const names = [...text.matchAll(/^License:[ \t]*(\S[^\n]*)$/gim)].map(
      (match) => match[1] ?? '',
    );
    if (names.length > 0)
      return distinctLicenses(names.sort().map((name) => readLicense(name, debianShortName)));
  }
  const pointers = [
    ...text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9][A-Za-z0-9.+-]*[A-Za-z0-9+])/g),
  ];
  const names = [...new Set(pointers.map((match) => match[1] ?? ''))].sort();
  if (names.length > 0) return names.map((name) => pointerLicense(name));
  return wellKnownText(text);
}

/** Only licenses without versions are certain from the name of their text. */
const pointerLicense = (name: string): License =>
  /^(?:Apache-2\.0|CC0-1\.0|MPL-1\.1|MPL-2\.0)$/.test(name)
    ? { kind: 'id', id: name }
    : { kind: 'name', name };

/** Opening words of license texts that are printed in full. */
function wellKnownText(text: string): License[] {
  const words = text.replace(/\s+/g, ' ');
  const names = [
    [
      /Permission is hereby granted, free of charge, to any person obtaining a copy of this software/i,
      'MIT-style',
    ],
    [
      /Redistribution and use in source and binary forms, with or without modification/i,
      'BSD-style',
    ],
    [
      /Permission to use, copy, modify,? (?:and\/or|and) distribute this software for any purpose/i,
      'ISC-style',
    ],
    [/Permission to use, copy, modify,? distribute,? and sell this software/i, 'X11-style'],
    [
      /hereby grant permission to use, copy, modify, distribute, and license this software/i,
      'TCL-style',
    ],
    [/\bInfo-ZIP license\b/i, 'Info-ZIP'],
    [/(?:is|are|been) (?:placed )?in(?:to)? the public domain/i, 'public-domain'],
    [/GNU (?:Lesser|Library) General Public License/i, 'LGPL'],
    [/GNU General Public License|\bGPL\b/i, 'GPL'],
  ] as const;
  return names
    .flatMap(([pattern, name]) => (pattern.test(words) ? [{ kind: 'name', name } as const] : []))
    .slice(0, 3);
}
