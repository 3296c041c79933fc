import { debianRuntime } from './debian-runtime.js';

/** What programs of Crystal link to; development packages of the same are in the build. */
const RUN = [
  'libgc1',
  'libevent-2.1-7t64 | libevent-2.1-7',
  'libpcre2-8-0',
  'libssl3t64 | libssl3',
  'libxml2-16 | libxml2',
  'libyaml-0-2',
  'libgmp10',
  'libsqlite3-0',
  'zlib1g',
] as const;
const BUILD = [
  'crystal',
  'shards',
  'git',
  'libssl-dev',
  'libxml2-dev',
  'libyaml-dev',
  'libgmp-dev',
  'libsqlite3-dev',
  'zlib1g-dev',
] as const;

/** Debian's compiler and Shards; libraries of a project come from where its shard.yml says. */
export const crystal = debianRuntime({
  name: 'crystal',
  package: 'crystal',
  needs: ['shards'],
  license: 'Apache-2.0',
  attribute: /^(?:crystal(?:_[0-9_]+)?|shards)$/,
  run: RUN,
  build: BUILD,
});
