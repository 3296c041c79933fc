import { cargoFile } from './cargo.js';
import { bundlerFile, goFile, npmFile, pipFile, sbtFile } from './client-files.js';
import { java } from './java.js';
import type { LanguageFacts } from './language.js';
import { mavenFile } from './maven.js';
import { node } from './node.js';
import { composerFile, php } from './php.js';
import { python } from './python.js';

/**
 * What the host lends to programs of each language during steps with network: the one table of it. A new language is a row here
 * and in docs/engines/embedded.md. What no row names, is not lent; credentials never are.
 */
export const HOST_FACTS: readonly LanguageFacts[] = [
  {
    language: 'OpenSSL, curl, git, .NET, Crystal, Swift',
    certificates: ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'],
    passedOn: ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  },
  {
    language: 'Node.js: npm, yarn, pnpm, bun',
    // Yarn reads Node's; a setting of its own has another name in each major, and Yarn ends at one that it does not know.
    certificates: ['NODE_EXTRA_CA_CERTS', 'npm_config_cafile'],
    passedOn: ['npm_config_registry'],
    file: npmFile,
    follows: node,
  },
  { language: 'Deno', certificates: ['DENO_CERT'], passedOn: ['JSR_URL'] },
  {
    language: 'Python: pip, uv, Poetry, PDM',
    certificates: ['PIP_CERT', 'REQUESTS_CA_BUNDLE'],
    passedOn: [
      'PIP_INDEX_URL',
      'PIP_EXTRA_INDEX_URL',
      'PIP_TRUSTED_HOST',
      'UV_INDEX_URL',
      'UV_DEFAULT_INDEX',
    ],
    file: pipFile,
    follows: python,
  },
  { language: 'Go', passedOn: ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE'], file: goFile },
  {
    language: 'Rust: cargo, rustup',
    certificates: ['CARGO_HTTP_CAINFO'],
    passedOn: ['RUSTUP_DIST_SERVER', 'RUSTUP_UPDATE_ROOT'],
    file: cargoFile,
  },
  { language: 'Java, Kotlin, Clojure, Gradle', follows: java },
  { language: 'Maven', file: mavenFile },
  { language: 'Scala: sbt, coursier', passedOn: ['COURSIER_REPOSITORIES'], file: sbtFile },
  {
    language: 'Ruby: Bundler',
    certificates: ['BUNDLE_SSL_CA_CERT'],
    passedOn: ['BUNDLE_MIRROR__*'],
    file: bundlerFile,
  },
  {
    language: 'PHP: Composer',
    certificates: ['COMPOSER_CAFILE'],
    file: composerFile,
    follows: php,
  },
  {
    language: 'Elixir: Mix, Hex',
    certificates: ['HEX_CACERTS_PATH'],
    passedOn: ['HEX_MIRROR', 'HEX_BUILDS_URL'],
  },
  { language: 'Haskell', certificates: ['SYSTEM_CERTIFICATE_PATH'] },
  { language: 'Dart', passedOn: ['PUB_HOSTED_URL'] },
];

export { CA_FILE, LENT } from './language.js';
export type { HostKnowledge, LanguageFacts, Lent, LentSettings } from './language.js';
export { isJvmNotice } from './java.js';
export { urlsOf } from './urls-of.js';
