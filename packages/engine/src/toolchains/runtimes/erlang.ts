import { debianRuntime } from './debian-runtime.js';

/** The virtual machine of Elixir and Gleam. */
export const erlang = debianRuntime({
  name: 'erlang',
  package: 'erlang-base',
  license: 'Apache-2.0',
  attribute: /^(?:erlang(?:_[0-9]+)?|rebar3)$/,
  run: ['erlang-base', 'erlang-crypto', 'erlang-inets', 'erlang-ssl', 'erlang-public-key'],
  build: ['erlang-dev', 'erlang-parsetools', 'erlang-syntax-tools', 'erlang-tools', 'rebar3'],
});
