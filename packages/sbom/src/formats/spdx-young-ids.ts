/**
 * Identifiers of the SPDX License List that the SPDX project's own tools (Java 2.0.1, Python 0.8.5) do not know without a
 * network: most are younger than version 3.26 of the list, which they carry. Such a tool refuses the whole document.
 */
export const YOUNG_IDS: ReadonlySet<string> = new Set(
  `
  ALGLIB-Documentation Advanced-Cryptics-Dictionary Artistic-dist Aspell-RU BOLA-1.1
  BSD-2-Clause-pkgconf-disclaimer BSD-2-Clause-pos-unchanged BSD-3-Clause-OpenWebUI
  BSD-3-Clause-Tso BSD-Mark-Modifications BSD-Source-Code-no-disclaimer BSD-Source-alt-GPL
  BSD-ask-to-endorse Brian-Gladman-3-Clause-no-conversion Buddy Bugroff CAPEC-tou CC-BY-NC-3.0-IGO
  CryptoSwift DocBook-DTD ESA-PL-permissive-2.4 ESA-PL-strong-copyleft-2.4
  ESA-PL-weak-copyleft-2.4 FDK-MPEG-H FSFULLRSD FSL-1.1-ALv2 FSL-1.1-MIT
  GPL-2.0-with-bison-exception Game-Programming-Gems HDF5 HPND-SMC
  HPND-sell-variant-critical-systems Hippocratic-3.0-core ISO-permission Informatica MIT-STK
  MMPL-1.0.1 MVT-1.1 NIST-PD-TNT NTIA-PD OSC-1.0 OSSP OpenMDW-1.0 ParaType-Free-Font-1.3 SGMLUG-PM
  SOFA SUL-1.0 TekHVC UnRAR Unlicense-libtelnet Unlicense-libwhirlpool Vixie-Cron WTFNMFPL WordNet
  X11-no-permit-persons atc-game hyphen-bulgarian jove libpng-1.6.35 man2html ngrep
`
    .trim()
    .split(/\s+/),
);
